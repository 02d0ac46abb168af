package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/footfall/footfall/api"
	"github.com/footfall/footfall/internal/engine"
	"github.com/footfall/footfall/internal/recording"
)

// upload counts what the API received.
func (l live) upload(ctx context.Context, u api.Upload) ([]byte, error) {
	answer, err := l.Backfill(ctx, engine.Upload{
		Location: u.Location, Key: u.Key, Body: u.Body, Content: u.Content,
		Answer: func(s engine.Summary) ([]byte, error) {
			return api.RenderUploaded(u.Location, api.Uploaded{Messages: s.Messages, StepsBack: s.StepsBack, Unknown: s.Unknown, First: s.First, Last: s.Last})
		},
	})
	return answer, uploadError(err)
}

// uploadError tells the sender what it can do about an error, if anything.
func uploadError(err error) error {
	var line *recording.LineError
	var stream *recording.StreamError
	var behind *engine.BehindError
	refuse := func(status int, line int64, reason string) error {
		return &api.UploadError{Status: status, Line: line, Reason: reason}
	}
	switch {
	case errors.As(err, &line):
		return refuse(http.StatusUnprocessableEntity, line.Line, fmt.Sprintf("line %d: %s; nothing of the upload was added", line.Line, line.Reason))
	case errors.Is(err, recording.ErrTooLong):
		return refuse(http.StatusRequestEntityTooLarge, 0, fmt.Sprintf("the recording has more than %d bytes of text; send it in several uploads, one after the other", int64(engine.MaxUploadText)))
	case errors.As(err, &stream):
		return refuse(http.StatusUnprocessableEntity, stream.Line, fmt.Sprintf("line %d: %s; nothing of the upload was added", stream.Line, stream.Err))
	case errors.As(err, &behind):
		return refuse(http.StatusConflict, 0, behind.Error())
	case errors.Is(err, engine.ErrCounting):
		return refuse(http.StatusConflict, 0, "data comes in for this location now, or people are there: its history goes on by itself. Upload while its feeds are not connected")
	case errors.Is(err, engine.ErrUploading):
		return refuse(http.StatusConflict, 0, "another upload is being counted for this location; send them one after the other")
	case errors.Is(err, engine.ErrKeyReused):
		return refuse(http.StatusUnprocessableEntity, 0, "this Idempotency-Key was used for another body; an upload with other content needs another key")
	case errors.Is(err, engine.ErrNoLocation):
		return refuse(http.StatusNotFound, 0, "there is no such location")
	}
	return err
}
