// What simulating costs, for the work that tests/bench/go/main.go does for real: the same programs, as C++ goroutines and
// as JSON programs, with recording off and on. One JSON line a measure; the fingerprint stands beside the time, so that a
// "speed-up" that changes a result is seen.
//
//   bench_core [--smoke | --scale 0.1] [--only yield]

#include <malloc.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "models/go/goroutine.hpp"
#include "scenarios/reader.hpp"
#include "scenarios/world_builder.hpp"

namespace gmpsim {
namespace {

double scale = 1;

std::int64_t times(std::int64_t n) {
  const auto scaled = static_cast<std::int64_t>(static_cast<double>(n) * scale);
  return scaled < 100 ? 100 : scaled;
}

// ---------------------------------------------------------------------------------------------- as C++ goroutines

Task<> yielder(Go& go, std::int64_t n, WaitGroup* wg) {
  for (std::int64_t i = 0; i < n; ++i) co_await go.yield();
  co_await go.done(wg);
}
Task<> yield_main(Go& go, std::int64_t n) {
  WaitGroup* const wg = go.world.make_wait_group(2);
  for (int i = 0; i < 2; ++i) co_await go.start(yielder, n / 2, wg);
  co_await go.wait(wg);
}

Task<> echo(Go& go, Chan* ping, Chan* pong) {
  for (;;) {
    const Received r = co_await go.recv(ping);
    if (!r.ok) break;
    co_await go.send(pong, r.value.bits);
  }
  co_await go.close(pong);
}
Task<> unbuffered_main(Go& go, std::int64_t n) {
  Chan* const ping = go.world.make_chan(0);
  Chan* const pong = go.world.make_chan(0);
  co_await go.start(echo, ping, pong);
  for (std::int64_t i = 0; i < n; ++i) {
    co_await go.send(ping, i);
    co_await go.recv(pong);
  }
  co_await go.close(ping);
  co_await go.recv(pong);
}

Task<> producer(Go& go, Chan* c, std::int64_t n, WaitGroup* wg) {
  for (std::int64_t i = 0; i < n; ++i) co_await go.send(c, i);
  co_await go.close(c);
  co_await go.done(wg);
}
Task<> consumer(Go& go, Chan* c, WaitGroup* wg) {
  for (;;) {
    const Received r = co_await go.recv(c);
    if (!r.ok) break;
  }
  co_await go.done(wg);
}
Task<> buffered_main(Go& go, std::int64_t n) {
  WaitGroup* const wg = go.world.make_wait_group(2);
  Chan* const c = go.world.make_chan(100);
  co_await go.start(producer, c, n, wg);
  co_await go.start(consumer, c, wg);
  co_await go.wait(wg);
}

Task<> nothing(Go& go, WaitGroup* wg) { co_await go.done(wg); }
Task<> spawn_main(Go& go, std::int64_t n) {
  WaitGroup* const wg = go.world.make_wait_group(0);
  for (std::int64_t i = 0; i < n / 100; ++i) {
    co_await go.add(wg, 100);
    for (int k = 0; k < 100; ++k) co_await go.start(nothing, wg);
    co_await go.wait(wg);
  }
}

Task<> locker(Go& go, Mutex* m, std::int64_t n, WaitGroup* wg) {
  for (std::int64_t i = 0; i < n; ++i) {
    co_await go.lock(m);
    co_await go.yield();
    co_await go.unlock(m);
  }
  co_await go.done(wg);
}
Task<> mutex_main(Go& go, std::int64_t n) {
  WaitGroup* const wg = go.world.make_wait_group(2);
  Mutex* const m = go.world.make_mutex();
  for (int i = 0; i < 2; ++i) co_await go.start(locker, m, n / 2, wg);
  co_await go.wait(wg);
}

Task<> sleeper(Go& go, std::int64_t n, WaitGroup* wg) {
  for (std::int64_t i = 0; i < n; ++i) co_await go.sleep(us(1));
  co_await go.done(wg);
}
Task<> sleep_main(Go& go, std::int64_t n) {
  WaitGroup* const wg = go.world.make_wait_group(1000);
  for (int i = 0; i < 1000; ++i) co_await go.start(sleeper, n / 1000, wg);
  co_await go.wait(wg);
}

Task<> parker(Go& go, Chan* c) { co_await go.recv(c); }
Task<> parked_main(Go& go, std::int64_t n) {
  Chan* const c = go.world.make_chan(0);
  for (std::int64_t i = 0; i < n; ++i) co_await go.start(parker, c);
}

// ---------------------------------------------------------------------------------------------- as JSON programs

const char* const kHead =
    R"({"apiVersion":"gmpsim/v1","kind":"Scenario","metadata":{"name":"bench"},"runtime":{"profile":"go1.26","gomaxprocs":1},"stop":{"max_events":1000000000},)";

std::string json_of(const std::string& measure, std::int64_t n) {
  const std::string count = std::to_string(n), half = std::to_string(n / 2), hundredth = std::to_string(n / 100),
                    thousandth = std::to_string(n / 1000);
  if (measure == "yield")
    return kHead + (R"("programs":{"main":{"do":[{"loop":true,"times":)" + half +
                    R"(,"do":[{"yield":true}]}]}},"start":[{"go":"main","count":2}]})");
  if (measure == "unbuffered")
    return kHead +
           (R"("resources":{"ping":{"type":"chan"},"pong":{"type":"chan"}},"programs":{"main":{"do":[{"loop":true,"times":)" +
            count +
            R"(,"as":"i","do":[{"send":"ping","value":"i"},{"recv":"pong"}]},{"close":"ping"},{"recv":"pong"}]},)" +
            R"("echo":{"do":[{"range":"ping","as":"v","do":[{"send":"pong","value":"v"}]},{"close":"pong"}]}},"start":[{"go":"main"},{"go":"echo"}]})");
  if (measure == "buffered")
    return kHead +
           (R"("resources":{"c":{"type":"chan","cap":100}},"programs":{"main":{"do":[{"loop":true,"times":)" + count +
            R"(,"as":"i","do":[{"send":"c","value":"i"}]},{"close":"c"}]},"consumer":{"do":[{"range":"c","as":"v","do":[]}]}},"start":[{"go":"main"},{"go":"consumer"}]})");
  if (measure == "spawn")
    return kHead +
           (R"("resources":{"wg":{"type":"waitgroup"}},"programs":{"main":{"do":[{"loop":true,"times":)" + hundredth +
            R"(,"do":[{"wg_add":"wg","n":100},{"loop":true,"times":100,"do":[{"go":"nothing"}]},{"wg_wait":"wg"}]}]},"nothing":{"do":[{"wg_done":"wg"}]}},"start":[{"go":"main"}]})");
  if (measure == "mutex")
    return kHead + (R"("resources":{"m":{"type":"mutex"}},"programs":{"main":{"do":[{"loop":true,"times":)" + half +
                    R"(,"do":[{"lock":"m"},{"yield":true},{"unlock":"m"}]}]}},"start":[{"go":"main","count":2}]})");
  if (measure == "sleep")
    return kHead + (R"("programs":{"main":{"do":[{"loop":true,"times":)" + thousandth +
                    R"(,"do":[{"sleep":"1us"}]}]}},"start":[{"go":"main","count":1000}]})");
  return kHead + (R"("resources":{"c":{"type":"chan"}},"programs":{"main":{"do":[{"loop":true,"times":)" + count +
                  R"(,"do":[{"go":"parker"}]}]},"parker":{"do":[{"recv":"c"}]}},"start":[{"go":"main"}]})");
}

// ---------------------------------------------------------------------------------------------- measuring

double heap_bytes() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd);
}

using Clock = std::chrono::steady_clock;

void report(const std::string& measure, const char* form, bool recording, std::int64_t n, double ns, double bytes,
            World& w) {
  std::printf("{\"measure\":\"%s\",\"form\":\"%s\",\"recording\":\"%s\",\"ns\":%.2f,\"n\":%lld,", measure.c_str(), form,
              recording ? "on" : "off", ns, static_cast<long long>(n));
  if (measure == "parked") std::printf("\"bytes\":%.1f,", bytes);
  std::printf("\"transitions\":%llu,\"fingerprint\":\"%s\"}\n", static_cast<unsigned long long>(w.recorder().count()),
              w.recorder().fingerprint().hex().c_str());
  std::fflush(stdout);
}

/// Runs a world that is ready to go; reports time and, for parked goroutines, memory since `before`.
template <class Run>
void timed(const std::string& measure, const char* form, bool recording, std::int64_t n, double before, World& w,
           Run run) {
  w.recorder().set_level(recording ? Recorder::Level::on : Recorder::Level::off);
  const auto start = Clock::now();
  const Outcome outcome = run();
  const double ns = std::chrono::duration<double, std::nano>(Clock::now() - start).count() / static_cast<double>(n);
  const bool expected = measure == "parked" ? outcome.end == End::deadlock : outcome.end == End::done;
  if (!expected) {
    std::fprintf(stderr, "%s as %s ended unexpectedly: %s\n", measure.c_str(), form, outcome.message.c_str());
    std::exit(1);
  }
  report(measure, form, recording, n, ns, (heap_bytes() - before) / static_cast<double>(n), w);
}

void as_cpp(const std::string& measure, bool recording, std::int64_t n, Task<> (*main)(Go&, std::int64_t)) {
  const double before = heap_bytes();
  SeededChooser chooser(1);
  WorldOptions options;
  options.limits.events = std::uint64_t{1} << 50;
  World w(options, {}, chooser);
  spawn(w, main, n);
  timed(measure, "cpp", recording, n, before, w, [&w] { return w.run(); });
}

void as_json(const std::string& measure, bool recording, std::int64_t n) {
  Diagnostics problems;
  auto scenario = read_scenario(json_of(measure, n), measure + ".json", {}, problems);
  std::shared_ptr<const CompiledScenario> compiled;
  if (scenario) compiled = compile(std::make_shared<Scenario>(std::move(*scenario)), problems);
  std::optional<WorldPlan> plan;
  if (compiled) plan = plan_world(compiled, "", problems);
  if (!plan) {
    std::fprintf(stderr, "%s", problems.render(false).c_str());
    std::exit(1);
  }
  plan->options.limits.events = std::uint64_t{1} << 50;
  const double before = heap_bytes();
  SeededChooser chooser(1);
  Simulation simulation(*plan, chooser, 1);
  timed(measure, "json", recording, n, before, simulation.world(), [&simulation] { return simulation.run(); });
}

struct Measure {
  const char* name;
  std::int64_t n;
  Task<> (*main)(Go&, std::int64_t);
};

const Measure kMeasures[] = {{"yield", 10'000'000, yield_main},      {"unbuffered", 2'000'000, unbuffered_main},
                             {"buffered", 5'000'000, buffered_main}, {"spawn", 2'000'000, spawn_main},
                             {"mutex", 2'000'000, mutex_main},       {"sleep", 1'001'000, sleep_main},
                             {"parked", 1'000'000, parked_main}};

}  // namespace
}  // namespace gmpsim

int main(int argc, char** argv) {
  using namespace gmpsim;
  std::string only;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--smoke") == 0)
      scale = 0.001;
    else if (std::strcmp(argv[i], "--scale") == 0 && i + 1 < argc)
      scale = std::atof(argv[++i]);
    else if (std::strcmp(argv[i], "--only") == 0 && i + 1 < argc)
      only = argv[++i];
    else {
      std::fprintf(stderr, "usage: bench_core [--smoke | --scale S] [--only MEASURE]\n");
      return 2;
    }
  }
  for (const Measure& m : kMeasures) {
    if (!only.empty() && only != m.name) continue;
    std::int64_t n = times(m.n);
    if (std::strcmp(m.name, "sleep") == 0) n = n / 1000 * 1000 + 1000;
    for (const bool recording : {false, true}) {
      as_cpp(m.name, recording, n, m.main);
      as_json(m.name, recording, n);
    }
  }
  return 0;
}
