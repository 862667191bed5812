// What timers cost in each structure: so many are set by eight goroutines on eight Ps, half of them are reset once, all
// fire. For each structure one line: simulated cost of a set and of a reset (median and 99th percentile), simulated
// lateness of firing, and what the simulation itself took in real time and memory.
//
//   bench_timers [--smoke] [--timers 1000000] [--only heap]
//
// The simulated figures are a function of the model and its cost table (docs: models/timers/README.md); the real ones
// belong to the machine.

#include <malloc.h>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "models/go/goroutine.hpp"
#include "models/go/policies.hpp"
#include "sim/chooser.hpp"
#include "sim/random.hpp"

namespace gmpsim {
namespace {

constexpr std::uint32_t kProcs = 8;

/// Counts of durations in steps of a sixteenth of a power of two.
class Quantiles {
 public:
  void add(Duration d) {
    ++counts_[bucket(static_cast<std::uint64_t>(std::max<Duration>(d, 0)))];
    ++total_;
  }
  [[nodiscard]] Duration at(std::uint64_t permille) const {
    std::uint64_t left = total_ * permille / 1000;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      if (counts_[i] > left) return value(i);
      left -= counts_[i];
    }
    return 0;
  }

 private:
  static std::size_t bucket(std::uint64_t v) {
    if (v < 16) return v;
    const int top = std::bit_width(v) - 5;
    return static_cast<std::size_t>(top + 1) * 16 + (v >> top) - 16;
  }
  static Duration value(std::size_t i) {
    if (i < 16) return static_cast<Duration>(i);
    const std::size_t top = i / 16 - 1;
    return static_cast<Duration>((i % 16 + 16) << top);
  }
  std::array<std::uint64_t, 1024> counts_{};
  std::uint64_t total_ = 0;
};

struct Measured final : Sink {
  void consume(std::span<const Transition> records) override {
    for (const Transition& t : records)
      if (t.kind == Kind::timer_fire) {
        late.add(t.at - t.value);
        ++fired;
      }
  }
  Quantiles set, reset, late;
  std::uint64_t fired = 0;
  std::size_t bytes = 0;
};

/// The goroutine of a timer: it ends at once.
const BodyFactory kNothing{
    [](World&, void*) { return Body{[](World& w, G& g) { w.exit(g); }, [](World&, G&) {}, nullptr, 0}; },
    [](World&, void*) {}, nullptr};

template <class F>
class Act final : public Go::Operation<Act<F>> {
 public:
  Act(Go& go, F f) : Go::Operation<Act<F>>(go, go.world.cost(Cost::timer_set)), f_(f) {}
  Step start() { return f_(this->go_.world, *this->go_.g); }
  void finish() {}

 private:
  F f_;
};

/// Due half a second to a second and a half after it is set.
Duration delay(std::uint64_t who, std::uint64_t count) {
  return ms(500) +
         static_cast<Duration>(bounded(random_bits(1, 2, who, count), static_cast<std::uint64_t>(seconds(1))));
}

Task<> setter(Go& go, std::uint64_t who, std::uint64_t n, Measured* out, WaitGroup* done) {
  std::vector<Timer*> timers;
  for (std::uint64_t i = 0; i < n; ++i) {
    Timer* const t = go.world.make_timer(false);
    timers.push_back(t);
    const Time before = go.world.now();
    Act set(go, [t, d = delay(who, i)](World& w, G& g) { return w.after_func(g, *t, d, kNothing); });
    co_await set;
    out->set.add(go.world.now() - before);
  }
  for (std::uint64_t i = 0; i < n; i += 2) {
    Timer* const t = timers[i];
    bool was_pending = false;
    const Time before = go.world.now();
    Act reset(
        go, [t, d = delay(who, n + i), &was_pending](World& w, G& g) { return w.timer_reset(g, *t, d, was_pending); });
    co_await reset;
    out->reset.add(go.world.now() - before);
  }
  co_await go.done(done);
}

Task<> bench_main(Go& go, std::uint64_t n, Measured* out) {
  WaitGroup* const done = go.world.make_wait_group(kProcs);
  for (std::uint64_t i = 0; i < kProcs; ++i) co_await go.start(setter, i, n / kProcs, out, done);
  co_await go.wait(done);
  const struct mallinfo2 info = mallinfo2();
  out->bytes = info.uordblks + info.hblkhd;
}

void measure(const std::string& structure, std::uint64_t n) {
  WorldOptions o;
  o.procs = kProcs;
  o.limits.events = ~std::uint64_t{0};
  o.limits.bytes = std::uint64_t{64} << 30;
  if (!set_switch(o.settings, "timers", structure).empty()) std::abort();
  SeededChooser chooser(1);
  Measured out;
  const struct mallinfo2 before = mallinfo2();
  const auto began = std::chrono::steady_clock::now();
  Fingerprint print;
  {
    World world(o, {}, chooser);
    world.recorder().add_sink(out);
    spawn(world, bench_main, n, &out);
    const Outcome end = world.run();
    if (end.end != End::done || out.fired < n / kProcs * kProcs) {
      std::printf("%s: %s, %llu fired\n", structure.c_str(), end.message.c_str(),
                  static_cast<unsigned long long>(out.fired));
      std::exit(1);
    }
    print = world.recorder().fingerprint();
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  const std::size_t bytes = out.bytes - (before.uordblks + before.hblkhd);
  std::printf("%-13s %9llu  %6lld %6lld  %6lld %6lld  %9.1f %9.1f  %7.2f %7.0f %6.0f  %s\n", structure.c_str(),
              static_cast<unsigned long long>(n), static_cast<long long>(out.set.at(500)),
              static_cast<long long>(out.set.at(990)), static_cast<long long>(out.reset.at(500)),
              static_cast<long long>(out.reset.at(990)), static_cast<double>(out.late.at(500)) / 1000,
              static_cast<double>(out.late.at(990)) / 1000, seconds, seconds / static_cast<double>(n) * 1e9,
              static_cast<double>(bytes) / static_cast<double>(n), print.hex().c_str());
  std::fflush(stdout);
}

}  // namespace
}  // namespace gmpsim

int main(int argc, char** argv) {
  using namespace gmpsim;
  std::vector<std::uint64_t> counts{10'000, 1'000'000, 10'000'000};
  std::string only;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--smoke") == 0) counts = {2'000};
    if (std::strcmp(argv[i], "--timers") == 0 && i + 1 < argc) counts = {std::strtoull(argv[++i], nullptr, 10)};
    if (std::strcmp(argv[i], "--only") == 0 && i + 1 < argc) only = argv[++i];
  }
  std::printf("%-13s %9s  %6s %6s  %6s %6s  %9s %9s  %7s %7s %6s  %s\n", "", "", "set", "set", "reset", "reset", "late",
              "late", "real", "real", "bytes", "");
  std::printf("%-13s %9s  %6s %6s  %6s %6s  %9s %9s  %7s %7s %6s  %s\n", "structure", "timers", "P50 ns", "P99 ns",
              "P50 ns", "P99 ns", "P50 us", "P99 us", "s", "ns each", "each", "fingerprint");
  for (const std::uint64_t n : counts)
    for (const auto& info : timer_policies().all())
      if (only.empty() || only == info.name) measure(info.name, n);
  return 0;
}
