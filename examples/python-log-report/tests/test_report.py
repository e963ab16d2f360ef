"""python -m unittest"""
import unittest

from logreport.lines import parse_line, pattern
from logreport.report import daily_report, percentile


def line(time, path="/a", status=200, ms=10, user="u1", method="GET", host="api-1"):
    return "%.3f %s %s %s %d %d %s" % (time, host, method, path, status, ms, user)


class Lines(unittest.TestCase):
    def test_a_request(self):
        self.assertEqual(parse_line("1.5 api-2 POST /orders/17?x=1 503 131 u4"), {
            "time": 1.5, "host": "api-2", "method": "POST", "path": "/orders/17?x=1", "status": 503, "ms": 131, "user": "u4"})

    def test_what_is_no_request(self):
        self.assertIsNone(parse_line(""))
        self.assertIsNone(parse_line("-- log rotated --"))
        self.assertIsNone(parse_line("1.5 api-2 POST /orders ok 131 u4"))

    def test_numbers_in_paths(self):
        self.assertEqual(pattern("/users/4711/items?page=2"), "/users/:id/items")


class Report(unittest.TestCase):
    def test_nothing(self):
        self.assertEqual(daily_report([], []), "0 requests, 0 endpoints, 0 lines skipped\n0 users saw an error: \n")

    def test_endpoints_are_listed_by_name(self):
        report = daily_report([line(1, "/b/2", ms=30), line(2, "/a"), line(3, "/b/1", ms=10), "?"], []).split("\n")
        self.assertEqual(report[0], "3 requests, 2 endpoints, 1 lines skipped")
        self.assertEqual(report[1].split(), "GET /a 1 requests 0 errors median 10 ms p95 10 ms p99 10 ms".split())
        self.assertEqual(report[2].split(), "GET /b/:id 2 requests 0 errors median 30 ms p95 30 ms p99 30 ms".split())

    def test_monitors_are_left_out(self):
        self.assertIn("1 requests, 1 endpoints", daily_report([line(1, user="m"), line(2)], ["m"]))

    def test_users_who_saw_errors_in_order(self):
        seen = [line(t, status=500, user="u%d" % (t % 3)) for t in range(2, 20)]
        self.assertTrue(daily_report(seen, []).endswith("3 users saw an error: u2 u0 u1\n"))

    def test_bursts_begin_and_end(self):
        errors = [line(t, status=500, host="api-%d" % t) for t in (0, 1, 2, 3, 200, 201, 202)]
        bursts = [row for row in daily_report(errors, [], window=10.0, limit=2).split("\n") if row.startswith("burst")]
        self.assertEqual(bursts, ["burst at 2, first on api-2", "burst at 202, first on api-202"])

    def test_percentiles(self):
        self.assertEqual(percentile([], 0.5), 0)
        self.assertEqual([percentile(range(100), p) for p in (0.0, 0.5, 0.99)], [0, 50, 99])


if __name__ == "__main__":
    unittest.main()
