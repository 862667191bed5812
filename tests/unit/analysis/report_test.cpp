#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "analysis/report_json.hpp"
#include "analysis/report_text.hpp"
#include "trace_builder.hpp"

using namespace gmpsim;
using fixtures::Story;

namespace {

struct Fixture {
  Story story{2};
  Metrics metrics{story.info};
  RunReport report;

  Fixture() {
    story.proc(0, 0).starts(0, 1, 0);
    story.create(1'000, 2, 1, 1).runnable(1'000, 2, 0).label(2'000, Kind::mark, 1, 0);
    story.runnable(5'001'000, 1, kNoP, Why::preempted).add(5'001'000, Kind::preempted, 1, 0, 1, 0);
    story.running(5'001'000, 2, 0)
        .label(5'002'000, Kind::span_begin, 2, 1, 5'002'000)
        .label(5'902'000, Kind::span_end, 2, 1, 5'002'000);
    story.waiting(6'000'000, 2, 0, WaitReason::chan_receive, 1);
    Checks checks(metrics, {});
    OracleSpec fair = fixtures::check("bounded_wait");
    fair.name = "fair";
    fair.max = ms(1);
    BOOST_TEST(checks.add(fair) == "");
    OracleSpec slo = fixtures::check("require");
    slo.name = "slo";
    slo.expression = "span.work.p99 <= 8ms";
    BOOST_TEST(checks.add(slo) == "");
    story.tell(checks);
    report.end.how = EndOfRun::How::time;
    report.end.at = ms(10);
    report.verdicts = checks.finish(report.end);
    report.metrics = &metrics;
    report.events = 1234;
    report.fingerprint = {0x9f3c52d0c1b7e884, 1};
    report.next = {"gmpsim replay TOKEN"};
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(report, Fixture)

BOOST_AUTO_TEST_CASE(the_screen_of_a_run_tells_the_story) {
  const std::string expected =
      "story   policy stock (go1.26)   2 P   seed 7   10ms simulated\n"
      "\n"
      "                    n     p50     p90     p99   p99.9     max\n"
      "  spans\n"
      "    work            1   900us   900us   900us   900us   900us\n"
      "  runnable -> running\n"
      "    class:batch     1     0ns     0ns     0ns     0ns     5ms\n"  // the one preempted at 5.001ms still waits
      "    class:latency   1     5ms     5ms     5ms     5ms     5ms\n"
      "    all             2     0ns     5ms     5ms     5ms     5ms\n"
      "\n"
      "  P busy      ++++++++++++++++++++++=................    30.0%    runtime 20.0%   idle 50.0%\n";
  const std::string text = render_run(report, TextStyle{.ascii = true});
  BOOST_TEST(text.substr(0, expected.size()) == expected);
  for (const char* part : {"mean 1   max 2 at 5.001ms", "preemptions 1", "switches 2", "marks  tick 1 (100/s)",
                           "  FAIL fair   longest wait 5ms > 1ms\n         G2 request, P0 local queue from 1.000us to "
                           "5.001ms\n         G1 worker, ran on P0 from 0ns to 5.001ms\n",
                           "  PASS slo    span.work.p99 900us <= 8ms\n", "  next    gmpsim replay TOKEN\n",
                           "\nevents 1234   fingerprint 9f3c52d0c1b7e884\n"})
    BOOST_TEST(text.find(part) != std::string::npos, part << " is missing in\n" << text);
  BOOST_TEST(text.find('\x1b') == std::string::npos);
  for (const char c : text) BOOST_TEST_REQUIRE(static_cast<unsigned char>(c) < 0x80);
}

BOOST_AUTO_TEST_CASE(colour_only_adds_colour) {
  std::string coloured = render_run(report, TextStyle{.color = true, .ascii = true});
  for (std::size_t at; (at = coloured.find('\x1b')) != std::string::npos;)
    coloured.erase(at, coloured.find('m', at) + 1 - at);
  BOOST_TEST(coloured == render_run(report, TextStyle{.ascii = true}));
}

BOOST_AUTO_TEST_CASE(json_is_versioned_and_holds_the_same_numbers) {
  const nlohmann::json j = nlohmann::json::parse(run_to_json(report));
  BOOST_TEST(j["apiVersion"] == "gmpsim/v1");
  BOOST_TEST(j["kind"] == "Result");
  BOOST_TEST(j["seed"] == 7);
  BOOST_TEST(j["spans"]["work"]["p99"] == 900'000);
  BOOST_TEST(j["classes"]["latency"]["delay"]["max"] == 5'000'000);
  BOOST_TEST(j["metrics"]["sched.preemptions"] == 1);
  BOOST_TEST(j["checks"][0]["outcome"] == "fail");
  BOOST_TEST(j["checks"][0]["culprits"][0]["name"] == "G2 request");
  BOOST_TEST(j["longest_waits"][0]["length_ns"] == 5'000'000);
  BOOST_TEST(j["fingerprint"] == "9f3c52d0c1b7e8840000000000000001");
  BOOST_TEST(j["proc"].size() == 2u);
  BOOST_TEST(j["end"]["how"] == "time");
}

BOOST_AUTO_TEST_CASE(percentiles_keep_all_their_decimals) {
  BOOST_TEST(percentile_name(50'000'000) == "p50");
  BOOST_TEST(percentile_name(50'000'010) == "p50.00001");
  BOOST_TEST(percentile_name(99'999'990) == "p99.99999");
  BOOST_TEST(percentile_name(100'000'000) == "p100");
  BOOST_TEST(percentile_name(0) == "p0");
  report.percentiles = {50'000'010};
  BOOST_TEST(run_to_csv(report).find("span[work].p50.00001,900000,ns") != std::string::npos, run_to_csv(report));
}

BOOST_AUTO_TEST_CASE(as_many_cores_as_ps_is_no_number_of_cores) {
  BOOST_TEST(nlohmann::json::parse(run_to_json(report))["cores"].is_null());
  story.info.cores = 3;
  BOOST_TEST(nlohmann::json::parse(run_to_json(report))["cores"] == 3);
}

BOOST_AUTO_TEST_CASE(hostile_names_harm_neither_json_nor_csv) {
  story.info.programs[0].name = "a\"b,c\n\xff";
  story.info.scenario = "</script>\x1b[2J";
  const nlohmann::json j = nlohmann::json::parse(run_to_json(report));
  BOOST_TEST(j["programs"][0]["name"] == "a\"b,c??");
  BOOST_TEST(j["scenario"] == "</script>?[2J");
  const std::string csv = run_to_csv(report);
  BOOST_TEST(csv.find("\"delay[program:a\"\"b,c??].count\"") != std::string::npos);
  BOOST_TEST(render_run(report, TextStyle{}).find("\x1b[2J") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(csv_has_one_metric_a_line) {
  const std::string csv = run_to_csv(report);
  BOOST_TEST(csv.rfind("scenario,policy,seed,metric,value,unit\n", 0) == 0u);
  BOOST_TEST(csv.find("story,stock,7,span[work].p99,900000,ns\n") != std::string::npos);
  BOOST_TEST(csv.find("story,stock,7,check[fair],fail,verdict\n") != std::string::npos);
  BOOST_TEST(run_to_csv(report, false).rfind("story,", 0) == 0u);
}

BOOST_AUTO_TEST_CASE(the_screen_of_a_comparison) {
  const std::vector<ComparedMetric> rows{{"span[work].p99", "work p99"},
                                         {"procs.idle_share", "P idle", ComparedMetric::Better::neither},
                                         {"sched.steals", "steals"}};
  const std::vector<std::vector<std::vector<double>>> values{{{5e6, 0.10, 7}, {5.2e6, 0.12, 7}, {5.4e6, 0.11, 7}},
                                                             {{4e6, 0.31, 7}, {4.1e6, 0.33, 7}, {4.5e6, 0.32, 7}}};
  const Comparison c = compare_policies("story", {"stock", "other"}, rows, values);
  BOOST_TEST(render_comparison(c, TextStyle{.ascii = true}) ==
             "story   3 paired seeds   95% intervals of the paired difference, Holm-adjusted\n"
             "\n"
             "             stock   other\n"
             "  work p99  5.20ms  4.20ms  -19.2% [-24.0, -14.5]\n"  // -1.0 +- 4.3027 * 0.1 / sqrt(3) of 5.2
             "  P idle     11.0%   32.0%  +21.0pp\n"                // the same in every seed: no interval
             "  steals         7       7  =\n"
             "\n"
             "  = : equal in every seed\n"
             "  other is best, or as good as the best, in every row.\n");
  const nlohmann::json j = nlohmann::json::parse(comparison_to_json(c));
  BOOST_TEST(j["kind"] == "Comparison");
  BOOST_TEST(j["rows"][0]["policies"][1]["significant"] == true);
  BOOST_TEST(j["rows"][2]["policies"][1]["identical"] == true);
  BOOST_TEST(comparison_to_csv(c).find("story,sched.steals,count,other,7,0,0,0,0,1,no\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_comparison_with_next_to_nothing_says_what_people_can_take_in) {
  const auto cells = [](std::vector<double> base, std::vector<double> other, const char* metric) {
    const Comparison c = compare_policies("story", {"a", "b"}, {{metric, "row"}},
                                          {{{base[0]}, {base[1]}, {base[2]}}, {{other[0]}, {other[1]}, {other[2]}}});
    const std::string screen = render_comparison(c, TextStyle{.ascii = true});
    const std::size_t at = screen.find("  row");
    return screen.substr(at + 5, screen.find('\n', at) - at - 5);
  };
  BOOST_TEST(cells({1'000, 1'000, 1'000}, {2'500, 2'500, 2'500}, "span[work].p99") == "  1.00us  2.50us  2.50x");
  BOOST_TEST(cells({1'000, 1'000, 1'000}, {2'500, 2'600, 2'400}, "span[work].p99") ==
             "  1.00us  2.50us  2.50x [2.25, 2.75]");
  BOOST_TEST(cells({1'520, 1'520, 1'520}, {2'170'000, 2'170'000, 2'170'000}, "delay[*].max") ==
             "  1.52us  2.17ms  +2.17ms");
  BOOST_TEST(cells({0, 0, 0}, {20, 20, 20}, "sched.steals") == "  0  20  +20");
  BOOST_TEST(cells({0.02, 0.02, 0.02}, {0.01999, 0.01999, 0.01999}, "procs.idle_share") == "  2.0%  2.0%  -0.001pp");
  BOOST_TEST(cells({200, 200, 200}, {10, 10, 10}, "sched.steals") == "  200  10  -95.0%");
}

BOOST_AUTO_TEST_CASE(a_default_comparison_fits_the_run) {
  std::vector<std::string> names;
  for (const ComparedMetric& m : default_comparison(metrics)) {
    names.push_back(m.name);
    BOOST_TEST(parse_metric(m.name).ref.has_value(), m.name);
  }
  BOOST_TEST(std::count(names.begin(), names.end(), "span[work].p50") == 1);
  BOOST_TEST(std::count(names.begin(), names.end(), "delay[class:latency].max") == 1);
  BOOST_TEST(sample(metrics, default_comparison(metrics)).size() == names.size());
}

BOOST_AUTO_TEST_SUITE_END()
