-- Prints what the benchmarks read: requests a second, p50, p95 and p99 in milliseconds, errors.
done = function(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  local rate = summary.requests / (summary.duration / 1000000)
  local p50, p95, p99 = latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000
  io.write(string.format("result %.1f %.2f %.2f %.2f %d %d\n", rate, p50, p95, p99, failed, summary.requests))
end
