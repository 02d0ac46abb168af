package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/footfall/footfall/api"
)

const formatTable = "table"

// reportFormats are what --format of report may be.
func reportFormats() []string {
	names := []string{formatTable}
	for _, f := range api.Formats {
		names = append(names, string(f))
	}
	return names
}

// formatByOutput completes --format by the file's ending.
func (o *reportOptions) formatByOutput() {
	if o.format != "" {
		return
	}
	o.format = formatTable
	if ending := strings.TrimPrefix(filepath.Ext(o.output), "."); slices.Contains(reportFormats(), ending) {
		o.format = ending
	}
}

func (o *reportOptions) checkFormat(known []string) error {
	if slices.Contains(known, o.format) {
		return nil
	}
	return withCode(exitUsage, fmt.Errorf("--format %q is not known; use one of %s", o.format, strings.Join(known, ", ")))
}

// fetched is the format that the report is asked for; a table is made of CSV.
func (o *reportOptions) fetched() string {
	if o.format == formatTable {
		return string(api.FormatCSV)
	}
	return o.format
}

// write hands a report on, which fill writes, to where the options say.
func (o *reportOptions) write(c *cobra.Command, fill func(io.Writer) error) error {
	if o.output != "" {
		return writeFile(o.output, func(w io.Writer) error { return o.writeTo(w, fill) })
	}
	stdout := c.OutOrStdout()
	if api.Format(o.format).Binary() && isTerminal(stdout) {
		return withCode(exitUsage, fmt.Errorf("--format %s is no text for a terminal: give --output FILE, or send it on", o.format))
	}
	return o.writeTo(stdout, fill)
}

func (o *reportOptions) writeTo(w io.Writer, fill func(io.Writer) error) error {
	if o.format != formatTable {
		return fill(w)
	}
	var csv bytes.Buffer
	if err := fill(&csv); err != nil {
		return err
	}
	return writeTable(w, &csv)
}

// writeFile writes a file that takes its name once it is whole.
func writeFile(path string, fill func(io.Writer) error) error {
	if there, err := os.Stat(path); err == nil && !there.Mode().IsRegular() {
		return writeDevice(path, fill)
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("--output: %w", err)
	}
	defer os.Remove(file.Name()) //nolint:errcheck // it has moved, or is not whole
	err = fill(file)
	if err == nil {
		err = file.Chmod(0o644)
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// writeDevice writes to what is no regular file, such as /dev/stdout or a pipe.
func writeDevice(path string, fill func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("--output: %w", err)
	}
	return errors.Join(fill(file), file.Close())
}
