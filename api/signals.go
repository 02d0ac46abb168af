package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
)

func (s *Server) registerSignals() {
	if s.cfg.Signals == nil {
		return
	}
	s.handle(&huma.Operation{
		OperationID: "signals", Method: http.MethodGet, Path: "/websocket_realtime",
		Tags: []string{tagLive}, Summary: "Live positions (WebSocket)",
		Description: "The Signals realtime protocol: a WebSocket with JSON text frames. Within 5 s of connecting send " +
			"`{\"type\":\"realtime_register\",\"token\":\"…\",\"locations\":[21]}`, every 20 to 25 s `{\"type\":\"realtime_heartbeat\"}`; " +
			"receive `realtime_person_position`, `realtime_person_lost` and `realtime_demographics`. " +
			"Where access is required the token must be one that `footfall token create` made, for these locations; the connection ends with it. Else any registers. A client that reads too slowly is disconnected. " +
			"As long as no token is required, pages of other sites are refused that `cors.origins` does not list.",
		Responses: responses(
			response{"101", &huma.Response{Description: "The connection now speaks WebSocket."}},
			s.problems(http.StatusBadRequest, http.StatusForbidden, http.StatusUpgradeRequired, http.StatusServiceUnavailable)),
	}, s.upgrade)
}

func (s *Server) upgrade(c echo.Context) error {
	if !headerHas(c.Request().Header["Upgrade"], "websocket") {
		c.Response().Header().Set("Upgrade", "websocket")
		c.Response().Header().Set("Connection", "Upgrade")
		return problem(http.StatusUpgradeRequired, "this is a WebSocket; ask for it with Upgrade: websocket")
	}
	return withProblems(s.cfg.Signals, c)
}
