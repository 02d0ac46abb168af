package signals

import (
	"encoding/binary"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

// control does what a control frame asks for. A close frame is returned by its
// sender and so ends the session, as a *websocket.CloseError.
func (s *session) control(op byte, payload []byte) error {
	switch op {
	case opPing:
		return s.ws.PingHandler()(string(payload))
	case opClose:
		closed, err := parseClose(payload)
		if err != nil {
			return s.fault(err)
		}
		s.sendClose(closed.Code, closed.Text)
		return closed
	}
	return nil // a pong has told by its coming that the server lives
}

// fault tells the server which of its frames cost it the connection.
func (s *session) fault(err error) error {
	var fault *frameError
	if errors.As(err, &fault) {
		s.sendClose(fault.code, "")
	}
	return err
}

// sendClose says that we go; if that takes long, nothing.
func (s *session) sendClose(code int, text string) {
	bye := websocket.FormatCloseMessage(code, text)
	_ = s.ws.WriteControl(websocket.CloseMessage, bye, time.Now().Add(time.Second))
}

// parseClose reads the payload of a close frame: nothing, or a code and a text.
func parseClose(payload []byte) (*websocket.CloseError, error) {
	if len(payload) == 0 {
		return &websocket.CloseError{Code: websocket.CloseNoStatusReceived}, nil
	}
	if len(payload) == 1 {
		return nil, protocolError("half a close code")
	}
	code, text := int(binary.BigEndian.Uint16(payload)), string(payload[2:])
	switch {
	case !mayClose(code):
		return nil, protocolError("close code %d", code)
	case !utf8.ValidString(text):
		return nil, protocolError("a close frame that is not UTF-8")
	}
	return &websocket.CloseError{Code: code, Text: text}, nil
}

// mayClose reports whether a close frame may bear the code (RFC 6455, section
// 7.4, and the registry of IANA).
func mayClose(code int) bool {
	switch code {
	case 1004, websocket.CloseNoStatusReceived, websocket.CloseAbnormalClosure:
		return false
	}
	return code >= 1000 && code <= 1014 || code >= 3000 && code <= 4999
}
