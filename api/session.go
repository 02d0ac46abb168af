package api

import (
	"encoding/json"
	"mime"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/footfall/footfall/internal/edge"
)

// Session says who is signed in.
type Session struct {
	Required  bool    `json:"required" doc:"Whether a token is required here."`
	SignedIn  bool    `json:"signed_in" doc:"Whether the request brought a valid token or session."`
	Name      *string `json:"name" doc:"The token's name; null where nobody is signed in." example:"kiosk"`
	Scope     *string `json:"scope" enum:"read,write,admin" doc:"What it may do." example:"read"`
	Locations []int64 `json:"locations" doc:"The locations that it is for; null is all of them."`
	Until     *string `json:"until" format:"date-time" doc:"When it ends; null is never." example:"2026-03-02T21:00:00Z"`
}

type sessionBody struct {
	Token string `json:"token" doc:"A token, as footfall token create printed it, or one of the external issuer." example:"eyJ…"`
}

const sessionText = "For browsers: keeps a session in a cookie that scripts cannot read and other sites' pages do not send (HttpOnly, SameSite=Strict), for up to 12 hours and never longer than the token is valid. Revoking the token ends it."

func (s *Server) registerSession() {
	session := response{"200", &huma.Response{Description: "Who is signed in.", Content: map[string]*huma.MediaType{jsonType: {Schema: s.schema(Session{})}}}}
	s.handle(&huma.Operation{
		OperationID: "get-session", Method: http.MethodGet, Path: "/api/v1/session", Tags: []string{tagOperation},
		Summary: "Who is signed in", Description: "Whether a token is required, and what the one allows that the request brings. A session in its second half is renewed.",
		Responses: responses(session, s.problems(http.StatusUnauthorized)),
	}, s.getSession)
	s.handle(&huma.Operation{
		OperationID: "start-session", Method: http.MethodPost, Path: "/api/v1/session", Tags: []string{tagOperation},
		Summary: "Sign in", Description: sessionText,
		RequestBody: &huma.RequestBody{Required: true, Description: "The token.", Content: map[string]*huma.MediaType{jsonType: {Schema: s.schema(sessionBody{})}}},
		Responses: responses(session,
			s.problems(http.StatusBadRequest, http.StatusUnauthorized, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)),
	}, s.postSession)
	s.handle(&huma.Operation{
		OperationID: "end-session", Method: http.MethodDelete, Path: "/api/v1/session", Tags: []string{tagOperation},
		Summary: "Sign out", Description: "Has the browser forget the session.",
		Responses: responses(response{"204", &huma.Response{Description: "It is forgotten."}}, s.problems()),
	}, func(c echo.Context) error {
		setSession(c, "", time.Unix(1, 0))
		return c.NoContent(http.StatusNoContent)
	})
}

func (s *Server) getSession(c echo.Context) error {
	r := c.Request()
	g, invalid := s.who(r)
	if invalid != nil {
		return invalid
	}
	if _, err := r.Cookie(sessionCookie); err == nil && g != nil && len(r.Header["Authorization"]) == 0 {
		s.renew(c, g)
	}
	return s.describe(c, g)
}

// renew gives a session another twelve hours: a page that is watched stays signed in as
// long as its token is valid.
func (s *Server) renew(c echo.Context, g Grant) {
	if cookie, until, err := s.cfg.Access.StartSession(g); err == nil {
		setSession(c, cookie, until)
	}
}

func (s *Server) postSession(c echo.Context) error {
	r := c.Request()
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != jsonType {
		return problem(http.StatusUnsupportedMediaType, "the body must be application/json, and say so in Content-Type")
	}
	var body sessionBody
	if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, 8<<10)).Decode(&body); err != nil {
		return problem(http.StatusBadRequest, `the body cannot be read as {"token": "…"}`)
	}
	if !s.cfg.Required || s.cfg.Access == nil {
		return problem(http.StatusConflict, "no token is required here, so there is nothing to sign in to")
	}
	g, err := s.cfg.Access.Grant(body.Token)
	if err != nil {
		return s.unauthorized("the token is not valid: it is unknown, has expired or was revoked")
	}
	cookie, until, err := s.cfg.Access.StartSession(g)
	if err != nil {
		return s.unauthorized("the token is not valid: it is unknown, has expired or was revoked")
	}
	setSession(c, cookie, until)
	return s.describe(c, g)
}

func (s *Server) describe(c echo.Context, g Grant) error {
	answer := Session{Required: s.cfg.Required}
	if g != nil {
		text := g.Describe()
		answer.SignedIn, answer.Name, answer.Scope, answer.Locations = true, &text.Name, &text.Scope, text.Locations
		if !text.Until.IsZero() {
			until := text.Until.UTC().Format(time.RFC3339)
			answer.Until = &until
		}
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, answer)
}

// setSession keeps a session in the browser until an instant, or has it forgotten.
func setSession(c echo.Context, value string, until time.Time) {
	http.SetCookie(c.Response(), &http.Cookie{ //nolint:gosec // Secure where there is TLS
		Name: sessionCookie, Value: value, Path: "/", Expires: until, HttpOnly: true,
		Secure: edge.Secure(c.Request()), SameSite: http.SameSiteStrictMode,
	})
}
