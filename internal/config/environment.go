package config

import (
	"regexp"
	"slices"
	"strings"
)

// File is the configuration file to load: the one given by flag, else that of
// [ConfigVariable] in environ ("NAME=value" strings), else "" for none.
func File(flag string, environ []string) string {
	if flag != "" {
		return flag
	}
	file := ""
	for _, entry := range environ {
		if name, value, _ := strings.Cut(entry, "="); name == ConfigVariable {
			file = value
		}
	}
	return file
}

// serviceLink matches what Kubernetes and Docker set for a service named footfall.
var serviceLink = regexp.MustCompile(`^FOOTFALL_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)?)$`)

func unknownVariable(name, value string) string {
	key := strings.ToLower(strings.TrimPrefix(name, envPrefix))
	switch {
	case serviceLink.MatchString(name) && (name != "FOOTFALL_PORT" || strings.Contains(value, "://")):
		return "is no variable of ours; Kubernetes sets it for a service named footfall: set enableServiceLinks: false or rename the service"
	case slices.Contains(listNames(), key):
		return key + " is a list, which can only be given in the configuration file"
	case isSection(strings.ReplaceAll(key, "_", ".")):
		return "is a section of keys, not a key; its keys are " + strings.Join(variablesBelow(name), ", ")
	}
	return "is not a known variable" + didYouMean(nearestVariable(name))
}

func nearestVariable(name string) string {
	short := strings.TrimPrefix(name, envPrefix)
	var all []string
	for _, s := range settings {
		if strings.HasSuffix(s.Env, "_"+short) {
			return s.Env
		}
		all = append(all, strings.TrimPrefix(s.Env, envPrefix))
	}
	if best := nearest(short, all); best != "" {
		return envPrefix + best
	}
	return ""
}

func variablesBelow(name string) []string {
	var below []string
	for _, s := range settings {
		if strings.HasPrefix(s.Env, name+"_") {
			below = append(below, s.Env)
		}
	}
	return below
}
