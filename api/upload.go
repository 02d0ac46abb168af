package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
)

const (
	// maxKey is the longest Idempotency-Key.
	maxKey = 255

	ndjsonType = "application/x-ndjson"
	keyHeader  = "Idempotency-Key"
)

// Upload is a recording to be counted.
type Upload struct {
	Location int64
	Key      string    // Idempotency-Key, "" is none
	Body     string    // tells the content from any other
	Content  io.Reader // NDJSON, plain, gzip or zstd
}

// Uploaded is the answer to one that was counted. Times are Unix microseconds.
type Uploaded struct {
	Messages, StepsBack, Unknown int64
	First, Last                  int64 // of its messages, 0 without any
}

// UploadError is why an upload is not counted, for whoever sent it.
type UploadError struct {
	Status int   // of HTTP
	Line   int64 // that is wrong, 0 for none
	Reason string
}

func (e *UploadError) Error() string { return e.Reason }

type uploadAnswer struct {
	LocationID int64   `json:"location_id" doc:"The location." example:"21"`
	Messages   int64   `json:"messages" minimum:"0" doc:"Positions, losses and estimates that were counted." example:"48210"`
	StepsBack  int64   `json:"steps_back" minimum:"0" doc:"Messages whose time lay before the latest one, by 10 s at most; they were taken at that." example:"0"`
	Unknown    int64   `json:"unknown" minimum:"0" doc:"Messages of types that are not counted." example:"0"`
	First      *string `json:"first" format:"date-time" doc:"Time of the first message; null without any." example:"2026-03-02T09:00:00Z"`
	Last       *string `json:"last" format:"date-time" doc:"Time of the last one; null without any." example:"2026-03-02T18:00:00Z"`
}

// RenderUploaded is the body that answers an upload.
func RenderUploaded(location int64, u Uploaded) ([]byte, error) {
	a := uploadAnswer{LocationID: location, Messages: u.Messages, StepsBack: u.StepsBack, Unknown: u.Unknown}
	if u.First != 0 {
		first, last := string(appendTime(nil, u.First)), string(appendTime(nil, u.Last))
		a.First, a.Last = &first, &last
	}
	body, err := json.Marshal(a)
	return append(body, '\n'), err
}

const uploadText = "Counts a recording into the location's history: for sensors that do not speak Signals, and for times before there was a feed. " +
	"The body is NDJSON, a line `{\"time\":\"…\",\"message\":{…}}`, the message as Signals sends it, all of this location, in order of time (a step back of at most 10 s is taken at the latest time). " +
	"It may be sent in chunks, and compressed with gzip or zstd; up to 256 MiB as sent (`limits.upload_body`) and 4 GiB of text, a line up to 1 MiB.\n\n" +
	"It counts whole or not at all. A line that is wrong refuses it with the line's number. History only grows at its end: an upload that begins before what is counted is refused with both times, " +
	"and so is one while a feed is connected for the location or anyone is there, or one that reaches beyond the present. " +
	"The time between its first and last message is covered; people still in at its end leave when last heard of.\n\n" +
	"With an `Idempotency-Key` an upload sent again gets the same answer and is not counted twice: the last 256 uploads of a location are remembered."

func (s *Server) registerUpload() {
	s.handle(&huma.Operation{
		OperationID: "upload-messages", Method: http.MethodPost, Path: "/api/v1/locations/{location}/messages",
		Tags: []string{tagReports}, Summary: "Add a recording", Description: uploadText,
		Parameters: []*huma.Param{locationParam, {
			Name: keyHeader, In: "header", Description: "Names this upload, to be sent again with it: 1 to 255 printable ASCII characters, such as a UUID.",
			Schema: &huma.Schema{Type: huma.TypeString}, Example: "8e03978e-40d5-43dd-bc93-6894a57f9324",
		}, {
			Name: "Content-Encoding", In: "header", Description: "gzip or zstd, where the body is compressed.",
			Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"identity", "gzip", "zstd"}}, Example: "gzip",
		}},
		RequestBody: &huma.RequestBody{Required: true, Description: "A recording.", Content: map[string]*huma.MediaType{
			ndjsonType: {Schema: &huma.Schema{Type: huma.TypeString}, Example: `{"time":"2026-03-02T09:00:00.040Z","message":{"type":"realtime_person_lost","person_id":7,"location_id":21}}`},
		}},
		Responses: responses(
			response{"200", &huma.Response{Description: "It is counted and stored, now or when it was sent before.", Content: map[string]*huma.MediaType{jsonType: {Schema: s.schema(uploadAnswer{})}}}},
			s.problems(http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusRequestTimeout, http.StatusConflict,
				http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusServiceUnavailable)),
	}, s.postMessages)
}

func (s *Server) postMessages(c echo.Context) error {
	location, err := pathLocation(c)
	if err != nil {
		return err
	}
	r := c.Request()
	if s.cfg.Live.Counts(location) == nil || s.cfg.Upload == nil {
		return noLocation(location)
	}
	key, err := uploadKey(r)
	if err != nil {
		return err
	}
	encoding, err := uploadEncoding(r)
	if err != nil {
		return err
	}
	select {
	case s.spools <- struct{}{}:
		defer func() { <-s.spools }()
	default:
		s.limits.Uploads.Refuse()
		c.Response().Header().Set("Retry-After", "1")
		return problem(http.StatusServiceUnavailable, fmt.Sprintf("%d uploads are on their way in already", cap(s.spools)))
	}
	spool, err := s.receive(c, encoding)
	if err != nil {
		return err
	}
	defer spool.close()
	answer, err := s.cfg.Upload(r.Context(), Upload{Location: location, Key: key, Body: spool.sum, Content: spool.file})
	if err != nil {
		return uploadProblem(c, err)
	}
	s.extendWrite(c)
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Blob(http.StatusOK, jsonType, answer)
}

func uploadKey(r *http.Request) (string, error) {
	keys := r.Header.Values(keyHeader)
	if len(keys) == 0 {
		return "", nil
	}
	printable := func(c rune) bool { return c > ' ' && c < 0x7f }
	if key := keys[0]; len(keys) == 1 && key != "" && len(key) <= maxKey && strings.IndexFunc(key, func(c rune) bool { return !printable(c) }) < 0 {
		return key, nil
	}
	message := fmt.Sprintf("%s must be given once, with 1 to %d printable ASCII characters", keyHeader, maxKey)
	return "", problem(http.StatusBadRequest, message, &huma.ErrorDetail{Message: message, Location: "header." + keyHeader})
}

// uploadEncoding is "", gzip or zstd. What media type a body is said to have does not
// matter, unless it is a form with parts.
func uploadEncoding(r *http.Request) (string, error) {
	if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); strings.HasPrefix(media, "multipart/") {
		return "", problem(http.StatusUnsupportedMediaType, "the body must be a recording, "+ndjsonType+", and not a form")
	}
	switch encoding := strings.ToLower(strings.TrimSpace(strings.Join(r.Header.Values("Content-Encoding"), ", "))); encoding {
	case "", "identity":
		return "", nil
	case "gzip", "x-gzip":
		return "gzip", nil
	case "zstd":
		return encoding, nil
	default:
		return "", problem(http.StatusUnsupportedMediaType, fmt.Sprintf("Content-Encoding %q is not known; use gzip or zstd", encoding))
	}
}

// uploadProblem tells what was refused; anything else is no doing of the client.
func uploadProblem(c echo.Context, err error) error {
	var refused *UploadError
	if !errors.As(err, &refused) {
		if errors.Is(err, context.Canceled) {
			panic(http.ErrAbortHandler)
		}
		return err
	}
	if refused.Status == http.StatusConflict || refused.Status == http.StatusServiceUnavailable {
		c.Response().Header().Set("Retry-After", "1")
	}
	p := problem(refused.Status, refused.Reason)
	if refused.Line > 0 {
		p.Errors = []*huma.ErrorDetail{{Message: refused.Reason, Location: fmt.Sprintf("body.line[%d]", refused.Line), Value: fmt.Sprint(refused.Line)}}
	}
	return p
}

// extendWrite gives the answer its time though the request took long.
func (s *Server) extendWrite(c echo.Context) {
	_ = http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(s.progress)) // without a connection there is none
}
