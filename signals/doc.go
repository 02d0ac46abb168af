// Package signals speaks the Signals realtime protocol, both ends: [Client] reads
// a feed of positions of people, [Server] serves one, [Decode] and [Append] are
// the messages. It imports nothing else of the project.
//
// # The protocol
//
// One WebSocket connection (RFC 6455, no compression, no subprotocol) at a path
// that ends in /websocket_realtime. Every message is one text frame that holds
// one JSON object in UTF-8 of at most 64 KiB, and nothing after it.
//
// The type of a message stands under "type" or under "message_type": both are
// sent, either is read, and where the two differ "type" counts. Keys are
// case-sensitive; of a key that comes twice the last counts; null is as good as
// not sent; members that are not listed here are ignored, and so are messages of
// other types.
//
// Client to server:
//
//	{"type":"realtime_register","token":"…","locations":[21,22]}
//	{"type":"realtime_heartbeat"}
//
// Server to client:
//
//	{"type":"realtime_register","result":"success"}
//	{"type":"realtime_person_position","person_id":7,"location_id":21,"position":{"x":-554.56,"y":309.45},"confidence":0.9}
//	{"type":"realtime_demographics","person_id":7,"location_id":21,"gender":2,"age":34.5}
//	{"type":"realtime_person_lost","person_id":7,"location_id":21}
//	{"type":"close_connection","message":"…"}
//
// Ids are integers of 64 bits. x and y are centimetres from the location's origin,
// at most 1e8 either way. confidence, 0 to 1, is optional. gender is 1 (male) or
// 2 (female), 0 for not sent; age is 0 to 150 years; one of the two may be
// missing. A new person is announced by the first position; demographics may come
// before it, never, or again and again. Messages carry no time: they are stamped
// on receipt.
//
// # Timing
//
//   - The client registers within 5 s of connecting. A result other than
//     "success" says in words what is wrong, and the client may try again until
//     the 5 s are over. An invalid token closes the connection. Registrations
//     after success are ignored.
//   - After success the server sends a position for everyone who is there, with
//     the latest estimate where one is known, and then everything that follows.
//   - The client sends a heartbeat every 20 to 25 s. It is not answered; 60 s
//     without one close the connection.
//   - Either side may ping.
//
// # Errors
//
// A server that has to close says why by close_connection, then by a close frame
// with code 1001 (it shuts down), 1002 (frames that break RFC 6455: reserved bits and
// opcodes, no mask, fragments out of order, a malformed length, close code or reason),
// 1003 (a binary message), 1007 (not UTF-8, judged when the message is whole), 1008
// (no JSON object, no type, invalid token, no registration or heartbeat in time)
// or 1009 (a message too large). A client that does not read as fast as messages
// come is dropped without a word.
//
// A client skips what is malformed and counts it by [Reason]; the connection
// stays. Only a message beyond 16 MiB, which it answers by a close frame with code
// 1009, or frames that break RFC 6455, by 1002, cost the connection. A close frame
// is returned with its code and reason.
//
// # Client
//
// [Client.Run] owns the connection and one goroutine beside its own, which sends
// heartbeats and pings; both have ended when it returns. The [Sink] is called from
// the goroutine of Run, in the order of the wire. All that is in the read buffer
// is handed over, in batches of at most [MaxBatch], before the client waits for
// the network again: nothing lies in a batch while the socket is idle. Messages
// that one network read completed share its stamp. A sink that blocks stops the
// reading, and so in the end the sender; heartbeats go on. A server from which
// nothing at all comes, pongs included, is given up after 50 s.
//
// After a fault Run connects again, at first after half a second, then after
// pauses that double up to 30 s, with jitter; after a refusal after 10 to 30 s.
// [Client.Status] tells a refused token from a refused location from a fault of
// the network. The token is in no log, error or URL.
//
// # Server
//
// [Server.ServeHTTP] serves one connection until it ends, with one goroutine that
// reads and one that writes. Between a [Source] and a connection stands a
// [Subscriber], a bounded queue: a source never waits, and a client whose queue is
// full, or who takes none of what is written for 10 s, is dropped. [Frames] are
// encoded once for all subscribers. Order is kept within each location.
package signals
