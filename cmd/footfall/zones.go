package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/footfall/footfall/zones"
)

func newZones() *cobra.Command {
	c := &cobra.Command{
		Use:   "zones",
		Short: "Work with zones files",
		Args:  arguments(cobra.NoArgs),
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(&cobra.Command{
		Use:   "check FILE",
		Short: "Check a zones file and name every fault in it",
		Long: `Checks a zones file (GeoJSON, coordinates in centimetres) and names every fault with
its feature and the reason; what is allowed but hardly meant is a warning. The exit
code is 0 where there is no fault, else 1.`,
		Example: "  footfall zones check zones.example.geojson",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE:    func(c *cobra.Command, args []string) error { return checkZones(c, args[0]) },
	})
	return c
}

func checkZones(c *cobra.Command, path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	set, err := zones.Parse(data)
	var faults zones.Faults
	if errors.As(err, &faults) {
		for _, fault := range faults {
			fmt.Fprintf(c.OutOrStdout(), "%s: %s\n", path, fault)
		}
		return fmt.Errorf("%s: %d faults", path, len(faults))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, warning := range set.Warnings() {
		fmt.Fprintf(c.OutOrStdout(), "%s: warning: %s\n", path, warning)
	}
	for _, id := range set.Locations() {
		plan := set.Plan(id)
		fmt.Fprintf(c.OutOrStdout(), "location %d: %d zones, %d lines\n", id, len(plan.Zones()), len(plan.Lines()))
	}
	return nil
}
