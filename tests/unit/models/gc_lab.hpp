#pragma once
// A small world with a heap, and all that happened in it.

#include <boost/test/unit_test.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/models/lab.hpp"

namespace gmpsim::lab {

inline constexpr std::int64_t kMiB = std::int64_t{1} << 20;
inline constexpr std::uint32_t kFirstSystem = 0xf0000000;

struct Story final : Sink {
  std::vector<Transition> all;
  void consume(std::span<const Transition> records) override { all.insert(all.end(), records.begin(), records.end()); }
  [[nodiscard]] std::vector<Transition> of(Kind kind) const {
    std::vector<Transition> some;
    for (const Transition& t : all)
      if (t.kind == kind) some.push_back(t);
    return some;
  }
};

struct Setting {
  std::string preset = "go1.26";
  std::uint32_t procs = 4;
  HeapOptions heap{};
  std::vector<std::pair<std::string, std::string>> switches{};
  Time until = seconds(10);
};

template <class Prepare>
Outcome tell(const Setting& setting, Story& story, Prepare prepare) {
  WorldOptions o;
  BOOST_TEST_REQUIRE(apply_preset(setting.preset, o.settings));
  for (const auto& [name, value] : setting.switches)
    BOOST_TEST_REQUIRE(set_switch(o.settings, name, value).empty(), name << '=' << value);
  o.procs = setting.procs;
  o.limits.until = setting.until;
  SeededChooser chooser(1);
  World world(o, {}, chooser);
  world.recorder().add_sink(story);
  world.make_heap(setting.heap);
  prepare(world);
  const Outcome outcome = world.run();
  world.verify();
  return outcome;
}

inline Task<> allocates(Go& go, int times, std::int64_t size, std::int64_t keep) {
  for (int i = 0; i < times; ++i) co_await go.alloc(size, keep);
}

}  // namespace gmpsim::lab
