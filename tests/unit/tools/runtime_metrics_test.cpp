// What a Go program says of itself: histogram buckets as histogram.go has them, dumps as traceback.go prints them.

#include "tools/runtime_metrics.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "tests/unit/tools/command_line.hpp"

namespace gmpsim {
namespace {

constexpr const char* kStuck = R"({
  "apiVersion": "gmpsim/v1", "kind": "Scenario", "metadata": { "name": "stuck" },
  "resources": { "c": { "type": "chan" }, "m": { "type": "mutex" }, "s": { "type": "chan" } },
  "programs": {
    "main": { "do": [
      { "lock": "m" },
      { "go": "w" },
      { "call": "inner" }
    ] },
    "inner": { "do": [
      { "sleep": "61s" },
      { "recv": "c" },
      { "send": "c" }
    ] },
    "w": { "do": [ { "lock": "m" } ] }
  },
  "start": [ { "go": "main" } ]
})";

std::string dump_under(const char* preset) {
  const auto path = std::filesystem::temp_directory_path() / ("gmpsim-dump-" + std::to_string(getpid()) + ".json");
  std::ofstream(path) << kStuck;
  std::string out = gmpsim_says({"run", path.string(), "--policy", preset, "--format", "goroutines"}).out;
  std::filesystem::remove(path);
  const std::string name = path.string() + ":";
  for (std::size_t at; (at = out.find(name)) != std::string::npos;) out.replace(at, name.size(), "stuck.json:");
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(introspection)

BOOST_AUTO_TEST_CASE(histogram_buckets_are_those_of_go) {
  // 4 linear buckets below 256 ns, then 4 for each power of two (histogram.go: timeHistogram.record).
  BOOST_TEST(TimeHistogram::bucket_of(0) == 0u);
  BOOST_TEST(TimeHistogram::bucket_of(63) == 0u);
  BOOST_TEST(TimeHistogram::bucket_of(64) == 1u);
  BOOST_TEST(TimeHistogram::bucket_of(255) == 3u);
  BOOST_TEST(TimeHistogram::bucket_of(256) == 4u);
  BOOST_TEST(TimeHistogram::bucket_of(319) == 4u);
  BOOST_TEST(TimeHistogram::bucket_of(320) == 5u);
  BOOST_TEST(TimeHistogram::bucket_of(511) == 7u);
  BOOST_TEST(TimeHistogram::bucket_of(512) == 8u);
  BOOST_TEST(TimeHistogram::bucket_of(kNever) == TimeHistogram::kBuckets - 1);
  for (std::size_t i = 0; i + 1 < TimeHistogram::kBuckets; ++i) {
    BOOST_TEST(TimeHistogram::bucket_of(TimeHistogram::bound(i)) == i);
    BOOST_TEST(TimeHistogram::bucket_of(TimeHistogram::bound(i + 1) - 1) == i);
  }
}

BOOST_AUTO_TEST_CASE(a_dump_reads_as_that_of_a_go_program) {
  BOOST_TEST(dump_under("go1.26") ==
             "fatal error: all goroutines are asleep - deadlock!\n\n"
             "goroutine 1 [chan receive]:\n"
             "main.inner()\n\tstuck.json:12\n"
             "main.main()\n\tstuck.json:8\n\n"
             "goroutine 2 [sync.Mutex.Lock, 1 minutes]:\n"
             "main.w()\n\tstuck.json:15\n"
             "created by main.main in goroutine 1\n");
}

BOOST_AUTO_TEST_CASE(an_older_dump_has_older_reasons_and_does_not_number_the_creator) {
  const std::string text = dump_under("go1.19");
  BOOST_TEST(text.find("goroutine 2 [semacquire, 1 minutes]:") != std::string::npos, text);
  BOOST_TEST(text.find("created by main.main\n") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(metrics_appear_in_the_versions_that_have_them) {
  const auto text = [](const char* preset) {
    return gmpsim_says({"run", "worker-pool", "--policy", preset, "--format", "runtime-metrics"}).out;
  };
  const std::string newest = text("go1.26");
  BOOST_TEST(newest.find("/sched/goroutines-created:goroutines 6\n") != std::string::npos, newest);
  BOOST_TEST(newest.find("/sched/gomaxprocs:threads 4\n") != std::string::npos, newest);
  BOOST_TEST(newest.find("/sched/pauses/total/gc:seconds 0\n") != std::string::npos, newest);
  const std::string older = text("go1.17");
  BOOST_TEST(older.find("/sched/latencies:seconds ") != std::string::npos, older);
  BOOST_TEST(older.find("gomaxprocs") == std::string::npos, older);
  BOOST_TEST(text("go1.13") == "this version of Go has no runtime/metrics\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
