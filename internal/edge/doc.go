// Package edge is what stands between the network and the handlers of an HTTP server:
// certificates that are read again when they change, proxies whose word is believed,
// origins of pages, and limits on what strangers may ask for.
//
// Nothing in it knows what is served. All of it is safe for concurrent use.
package edge
