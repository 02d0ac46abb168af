package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/footfall/footfall/internal/config"
)

// remoteReport asks a running server.
func remoteReport(c *cobra.Command, w io.Writer, kinds []string, o reportOptions) error {
	request, err := o.request(c, strings.Join(kinds, ","))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return problem(response)
	}
	_, err = io.Copy(w, response.Body)
	return err
}

func (o reportOptions) request(c *cobra.Command, kind string) (*http.Request, error) {
	base, err := url.Parse(o.url)
	if err != nil || (base.Scheme != "http" && base.Scheme != "https") || base.Host == "" {
		return nil, withCode(exitUsage, fmt.Errorf("--url %q is no address such as http://127.0.0.1:8080", o.url))
	}
	path := []string{"api", "v1", "reports", kind}
	query := o.values()
	query.Set("format", o.fetched())
	if len(o.locations) == 1 {
		path = []string{"api", "v1", "locations", strconv.FormatInt(o.locations[0], 10), "reports", kind}
	} else {
		for _, id := range o.locations {
			query.Add("location", strconv.FormatInt(id, 10))
		}
	}
	target := base.JoinPath(path...)
	target.RawQuery = query.Encode()
	request, err := http.NewRequestWithContext(c.Context(), http.MethodGet, target.String(), nil)
	if err != nil {
		return nil, err
	}
	return request, o.authorize(request, base)
}

// authorize adds the token, where there is one, unless it would travel in the
// clear.
func (o reportOptions) authorize(request *http.Request, base *url.URL) error {
	token, err := tokenFrom(o.tokenFile)()
	if err != nil || token == "" {
		return err
	}
	if base.Scheme != "https" && !config.IsLoopback(base.Host) {
		return withCode(exitUsage, fmt.Errorf("--url: a token is sent over https only; %s is not", base.Redacted()))
	}
	request.Header.Set("Authorization", "Bearer "+token)
	return nil
}

// problem is what the server says is wrong.
func problem(response *http.Response) error {
	var p struct {
		Title  string `json:"title"`
		Detail string `json:"detail"`
		Errors []struct {
			Location string `json:"location"`
			Message  string `json:"message"`
		} `json:"errors"`
	}
	body, _ := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if json.Unmarshal(body, &p) != nil || p.Title == "" {
		return fmt.Errorf("the server answered %s", response.Status)
	}
	text := fmt.Sprintf("the server answered %s: %s", response.Status, p.Detail)
	for _, e := range p.Errors {
		text += fmt.Sprintf("; %s: %s", e.Location, e.Message)
	}
	return fmt.Errorf("%s", text)
}
