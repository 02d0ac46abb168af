// Package access says who may do what: it makes access tokens, lists and revokes them,
// and tells what a token that somebody brings allows.
//
// A token is a JWT (RFC 7519) signed with Ed25519 (RFC 8037), for an issuer and an
// audience of our own; any other algorithm is refused. What it allows is not in it but
// in the [Registry], under the token's id: so a token that is not there, or was revoked
// there, is none, whoever signed it. One without an expiry is valid only if it was made
// so.
//
// The registry and the keys are a file of their own beside the database, readable by its
// owner alone and written whole or not at all: a copy of the history has no key in it.
// The tokens themselves are nowhere. A key can be replaced ([Registry.Rotate]): tokens
// signed by the one before stay good until it is dropped with the next.
//
// Tokens of an [External] issuer are good, too, where one is trusted: then what they allow
// is in them.
//
// A Registry is safe for concurrent use within one process; a lock on the file keeps
// others out.
package access
