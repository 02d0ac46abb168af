// Package api serves Footfall over HTTP: current counts, zones, reports, health,
// metrics, the Signals WebSocket, a page, and the OpenAPI document of it all.
//
// A [Server] asks the outside through what [Config] holds and knows neither the
// engine nor a store. [Live] must answer at once, since it is asked on every poll;
// a [Reporter] may take its time and is told by its context when the client is
// gone or the server ends. Current counts are rendered once for each
// *analytics.Counts and then written as they are.
//
// Reports are streamed: an encoder ([JSON], [CSV], [Parquet]) gathers rows and
// writes chunks, each of which the client must take within 30 seconds; [XLSX] writes
// when it has them all, and keeps what is long in a temporary file. Until the first
// chunk is full, errors are answered as problems; later ones cut the connection, so
// that an answer that ends well is whole. The encoders, [NewQuery] and
// [ParseInstant] are exported so that the command line says the same as the API.
//
// Every error is a problem of RFC 9457, those of the router and of panics
// included; only what net/http cannot read as a request does not come here. Query
// parameters that a path does not know are errors. An open server ([Config].Required is
// false) answers requests alone that name this machine as their host, and takes a body
// only of a type that no page of another site can send unasked. [Edge] says how requests
// come in: whose forwarding headers are believed, which sites' pages may ask.
//
// [Server.Serve] owns the goroutines of its connections and returns when they have
// ended, WebSockets included where Config.Shutdown ends them.
//
// Routes and OpenAPI come from the same huma.Operation: [Server] registers it with
// a handler by huma.Register where the answer is a Go value, and by handle where it
// is written as bytes. openapi.json is what is served; a test compares the two.
package api
