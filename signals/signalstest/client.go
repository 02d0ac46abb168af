package signalstest

import (
	"context"
	"errors"
	"fmt"

	"github.com/gorilla/websocket"
)

// CloseCode registers at a server for one location, reads until the server closes the
// connection, and returns the code of that.
func CloseCode(ctx context.Context, url string, location int64) (int, error) {
	c, response, err := websocket.DefaultDialer.DialContext(ctx, url, nil)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	_ = response.Body.Close()
	register := fmt.Sprintf(`{"message_type":"realtime_register","token":"test","locations":[%d]}`, location)
	if err := c.WriteMessage(websocket.TextMessage, []byte(register)); err != nil {
		return 0, err
	}
	for {
		if _, _, err := c.ReadMessage(); err != nil {
			closed := (*websocket.CloseError)(nil)
			if !errors.As(err, &closed) {
				return 0, err
			}
			return closed.Code, nil
		}
	}
}
