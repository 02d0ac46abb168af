// Package packaging holds what a release is made of besides the program, and the tests of
// it: the systemd unit, the Debian package, the container, the alerts.
package packaging
