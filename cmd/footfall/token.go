package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/footfall/footfall/internal/access"
)

// tokens is the registry, held by this process or by a server.
type tokens interface {
	create(context.Context, tokenRequest) (tokenMade, error)
	list(context.Context) ([]access.Token, error)
	revoke(ctx context.Context, name string) error
	rotate(context.Context) error
}

func accessPath(database string) string { return database + ".access" }

func newToken() *cobra.Command {
	c := &cobra.Command{
		Use:   "token",
		Short: "Make, list and revoke access tokens",
		Long: `Makes, lists and revokes the tokens that API and dashboard ask for where access is
required (auth.required). They are kept beside the database, with the keys that sign
them, in DATABASE.access, for its owner alone. While a server holds the database the
commands go through its socket, DATABASE.sock, and act at once.`,
	}
	c.AddCommand(newTokenCreate(), newTokenList(), newTokenRevoke(), newTokenRotate())
	return c
}

// withTokens finds the registry of the configured database.
func withTokens(c *cobra.Command, do func(context.Context, tokens) error) error {
	cfg, err := loadConfig(c)
	if err != nil {
		return err
	}
	ctx := c.Context()
	if server := dialControl(ctx, cfg.Database); server != nil {
		return do(ctx, remoteTokens{server})
	}
	registry, err := access.Open(accessPath(cfg.Database), time.Now)
	if errors.Is(err, access.ErrHeld) {
		return withCode(exitDatabase, fmt.Errorf("%w, and no server answers at %s", err, controlPath(cfg.Database)))
	}
	if err != nil {
		return withCode(exitDatabase, err)
	}
	defer registry.Close()
	return do(ctx, localTokens{registry})
}

func newTokenCreate() *cobra.Command {
	var asked tokenRequest
	var scope, locations string
	c := &cobra.Command{
		Use:   "create --name NAME --locations ID,… --scope read|write|admin",
		Short: "Make a token and print it",
		Long: `Makes a token and prints it alone on the last line of standard output. It is shown this
once: it is not kept. Scope read sees counts, reports and positions of its locations; write
may also add recordings, reset counts and change zones there; admin may also see how the
server is (/metrics). Without --expires it is persistent: valid until it is revoked.`,
		Example: "  footfall token create --name kiosk --locations 21,22 --scope read --expires 720h",
		Args:    arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			var err error
			if asked.Scope, err = access.ParseScope(scope); err != nil {
				return withCode(exitUsage, fmt.Errorf("--scope: %w", err))
			}
			if asked.Locations, err = parseLocations(locations); err != nil {
				return withCode(exitUsage, err)
			}
			if c.Flags().Changed("expires") && asked.Expires < time.Second {
				return withCode(exitUsage, fmt.Errorf("--expires %s is less than a second", asked.Expires))
			}
			return withTokens(c, func(ctx context.Context, all tokens) error { return createToken(ctx, c, all, asked) })
		},
	}
	f := c.Flags()
	f.StringVar(&asked.Name, "name", "", "name, to list and revoke it by (required)")
	f.StringVar(&locations, "locations", "", "location ids separated by commas, or all (required)")
	f.StringVar(&scope, "scope", string(access.Read), "read, write or admin")
	f.DurationVar(&asked.Expires, "expires", 0, "for how long it is valid, such as 720h (default for ever)")
	addConfigFlags(c)
	return c
}

func createToken(ctx context.Context, c *cobra.Command, all tokens, asked tokenRequest) error {
	made, err := all.create(ctx, asked)
	if err != nil {
		return err
	}
	if made.Expires.IsZero() {
		fmt.Fprintf(c.ErrOrStderr(), "token %q is persistent: valid until footfall token revoke %s\n", made.Name, made.Name)
	} else {
		fmt.Fprintf(c.ErrOrStderr(), "token %q is valid until %s\n", made.Name, made.Expires.Format(time.RFC3339))
	}
	fmt.Fprintln(c.OutOrStdout(), made.Secret)
	return nil
}

// parseLocations reads ids; nil is all.
func parseLocations(text string) ([]int64, error) {
	if text == "all" {
		return nil, nil
	}
	var ids []int64
	for part := range strings.SplitSeq(text, ",") {
		id, err := strconv.ParseInt(strings.TrimSpace(part), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("--locations %q must be location ids separated by commas, such as 21,22, or all", text)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func newTokenList() *cobra.Command {
	c := &cobra.Command{
		Use: "list", Short: "List the tokens that were made", Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			return withTokens(c, func(ctx context.Context, all tokens) error {
				list, err := all.list(ctx)
				if err != nil {
					return err
				}
				w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
				fmt.Fprintln(w, "NAME\tSCOPE\tLOCATIONS\tCREATED\tEXPIRES\tSTATE")
				for _, t := range list {
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", t.Name, t.Scope, locationsOf(t), instantOf(t.Created), instantOf(t.Expires), t.State(time.Now()))
				}
				return w.Flush()
			})
		},
	}
	addConfigFlags(c)
	return c
}

func locationsOf(t access.Token) string {
	if t.Locations == nil {
		return "all"
	}
	var ids []string
	for _, id := range t.Locations {
		ids = append(ids, strconv.FormatInt(id, 10))
	}
	return strings.Join(ids, ",")
}

func instantOf(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format(time.RFC3339)
}

func newTokenRevoke() *cobra.Command {
	c := &cobra.Command{
		Use: "revoke NAME", Short: "Make a token no longer valid, and close what uses it", Args: arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			return withTokens(c, func(ctx context.Context, all tokens) error { return all.revoke(ctx, args[0]) })
		},
	}
	addConfigFlags(c)
	return c
}

func newTokenRotate() *cobra.Command {
	c := &cobra.Command{
		Use: "rotate", Short: "Sign with a new key from now on",
		Long: `Makes a new key that signs tokens from now on. Tokens that the key before has signed stay
valid until the next rotate, which drops it: rotate, make new tokens, hand them out, and
rotate again.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			return withTokens(c, func(ctx context.Context, all tokens) error { return all.rotate(ctx) })
		},
	}
	addConfigFlags(c)
	return c
}

// localTokens are those of a registry that this process holds.
type localTokens struct{ *access.Registry }

func (l localTokens) create(_ context.Context, asked tokenRequest) (tokenMade, error) {
	secret, made, err := l.Create(asked.Name, asked.Scope, asked.Locations, asked.Expires)
	return tokenMade{made, secret}, err
}

func (l localTokens) list(context.Context) ([]access.Token, error) { return l.List(), nil }
func (l localTokens) revoke(_ context.Context, name string) error  { return l.Revoke(name) }
func (l localTokens) rotate(context.Context) error                 { return l.Rotate() }

// remoteTokens are those of a server.
type remoteTokens struct{ *controlClient }

func (r remoteTokens) create(ctx context.Context, asked tokenRequest) (made tokenMade, err error) {
	body, err := json.Marshal(asked)
	if err != nil {
		return made, err
	}
	err = r.ask(ctx, http.MethodPost, "/tokens", bytes.NewReader(body), &made)
	return made, err
}

func (r remoteTokens) list(ctx context.Context) (list []access.Token, err error) {
	err = r.ask(ctx, http.MethodGet, "/tokens", nil, &list)
	return list, err
}

func (r remoteTokens) revoke(ctx context.Context, name string) error {
	return r.ask(ctx, http.MethodDelete, tokenPath(name), nil, &struct{}{})
}

func (r remoteTokens) rotate(ctx context.Context) error {
	return r.ask(ctx, http.MethodPost, "/keys", nil, &struct{}{})
}
