// Package api serves Footfall over HTTP: current counts, reports, zones, health,
// metrics and their OpenAPI document.
package api
