#pragma once
// A small world for tests of what goroutines do to each other.

#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>
#include <vector>

#include "models/go/goroutine.hpp"
#include "sim/chooser.hpp"

namespace gmpsim::lab {

/// An operation of World given as a function; `f` is named before it is awaited (see goroutine.hpp).
template <class F>
class Op final : public Go::Operation<Op<F>> {
 public:
  Op(Go& go, F f) : Go::Operation<Op<F>>(go, 1), f_(f) {}
  Step start() { return f_(this->go_.world, *this->go_.g); }
  void finish() {}

 private:
  F f_;
};

/// select over cases, with or without default; `site` draws.
class Select final : public Go::Operation<Select> {
 public:
  Select(Go& go, std::vector<World::SelectCase> cases, bool has_default, Site& site)
      : Operation(go, go.world.cost(Cost::select)), cases_(std::move(cases)), has_default_(has_default), site_(&site) {}
  Step start() { return go_.world.select(*go_.g, cases_.data(), cases_.size(), has_default_, *site_); }
  World::Selected finish() { return go_.world.select_finish(*go_.g); }

 private:
  std::vector<World::SelectCase> cases_;
  bool has_default_;
  Site* site_;
};

struct Options {
  std::uint32_t procs = 1;
  std::uint64_t seed = 1;
  std::vector<std::pair<std::string, std::string>> switches;
};

/// Builds a world, lets `prepare(world)` make objects and spawn, runs it, and checks its invariants at the end.
template <class Prepare>
Outcome run(const Options& options, Prepare prepare) {
  WorldOptions o;
  o.procs = options.procs;
  o.limits.until = seconds(10);
  for (const auto& [name, value] : options.switches)
    BOOST_TEST_REQUIRE(set_switch(o.settings, name, value).empty(), name << '=' << value);
  SeededChooser chooser(options.seed);
  World world(o, {}, chooser);
  prepare(world);
  const Outcome outcome = world.run();
  world.verify();
  return outcome;
}

inline void expect_done(const Outcome& o) { BOOST_TEST((o.end == End::done), "ended with " << o.message); }
inline void expect(const Outcome& o, End end, const std::string& message) {
  BOOST_TEST((o.end == end), "ended with " << static_cast<int>(o.end) << ' ' << o.message);
  BOOST_TEST(o.message == message);
}

}  // namespace gmpsim::lab
