package api

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/footfall/footfall/internal/edge"
)

var (
	descLimit       = prometheus.NewDesc("footfall_limit", "The most of a thing that is let in, as configured below limits: bytes, seconds or a number.", []string{"limit"}, nil)
	descRefusals    = prometheus.NewDesc("footfall_limit_refusals_total", "How often more than a limit was asked for and refused.", []string{"limit"}, nil)
	descHTTPConns   = prometheus.NewDesc("footfall_http_connections", "Connections open, WebSockets among them.", nil, nil)
	descExpiry      = prometheus.NewDesc("footfall_tls_certificate_expiry_timestamp_seconds", "When the certificate in use expires, Unix time.", nil, nil)
	descCertificate = prometheus.NewDesc("footfall_tls_certificate_reloads_total", "How often the certificate was read again, by how that went.", []string{"result"}, nil)
)

// edgeMetrics tells of limits, connections and the certificate. Its labels are fixed.
type edgeMetrics struct {
	limits      *edge.Limits
	connections *edge.Connections
	certificate *edge.Certificate
}

// Describe implements prometheus.Collector.
func (m edgeMetrics) Describe(ch chan<- *prometheus.Desc) { prometheus.DescribeByCollect(m, ch) }

// Collect implements prometheus.Collector.
func (m edgeMetrics) Collect(ch chan<- prometheus.Metric) {
	for _, l := range m.limits.All() {
		ch <- prometheus.MustNewConstMetric(descLimit, prometheus.GaugeValue, l.Most, l.Name)
		ch <- prometheus.MustNewConstMetric(descRefusals, prometheus.CounterValue, float64(l.Refused()), l.Name)
	}
	ch <- prometheus.MustNewConstMetric(descHTTPConns, prometheus.GaugeValue, float64(m.connections.Open()))
	if m.certificate == nil {
		return
	}
	s := m.certificate.Status()
	ch <- prometheus.MustNewConstMetric(descExpiry, prometheus.GaugeValue, float64(s.Expires.Unix()))
	ch <- prometheus.MustNewConstMetric(descCertificate, prometheus.CounterValue, float64(s.Reloads), "good")
	ch <- prometheus.MustNewConstMetric(descCertificate, prometheus.CounterValue, float64(s.Failures), "bad")
}
