// Every policy by itself: what it answers, and the bounds of its parameters.

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>
#include <vector>

#include "models/go/policies.hpp"
#include "models/go/settings.hpp"
#include "sim/chooser.hpp"

using namespace gmpsim;

namespace {

struct Ps final : ProcsView {
  std::vector<std::uint32_t> rings;
  std::vector<bool> idles;
  explicit Ps(std::vector<std::uint32_t> r) : rings(std::move(r)), idles(rings.size(), false) {}
  std::uint32_t procs() const override { return static_cast<std::uint32_t>(rings.size()); }
  std::uint32_t ring_size(std::uint32_t p) const override { return rings[p]; }
  bool has_runnext(std::uint32_t) const override { return false; }
  bool idle(std::uint32_t p) const override { return idles[p]; }
};

/// All probes of one search.
std::vector<StealProbe> search(const std::string& name, const Ps& ps, std::uint32_t thief, std::uint64_t seed = 1,
                               const std::vector<std::pair<std::string, std::int64_t>>& params = {}) {
  const auto policy = steal_policies().make(name, params);
  SeededChooser chooser(seed);
  StealSearch s;
  s.thief = thief;
  std::vector<StealProbe> out;
  for (;;) {
    const StealProbe p = policy->next(s, ps, chooser);
    if (p.take == StealProbe::Take::stop) return out;
    BOOST_TEST_REQUIRE(out.size() < 10'000u);
    out.push_back(p);
  }
}

std::set<std::uint32_t> victims(const std::vector<StealProbe>& probes, std::size_t from, std::size_t n) {
  std::set<std::uint32_t> out;
  for (std::size_t i = from; i < from + n; ++i) out.insert(probes[i].victim);
  return out;
}

PreemptAction judge(const std::string& name, Duration since,
                    const std::vector<std::pair<std::string, std::int64_t>>& params = {}) {
  return preempt_policies().make(name, params)->judge({since});
}

WakePlace place(const std::string& name, const WakeView& view) { return wake_policies().make(name, {})->place(view); }

std::string refused(const std::string& name, const std::string& value) {
  Settings s;
  return set_switch(s, name, value);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policies)

BOOST_AUTO_TEST_CASE(async_may_spare_whoever_runs_beside_an_idle_p) {
  const auto always = preempt_policies().make("async", {});
  const auto if_needed = preempt_policies().make("async", {{"if_needed", 1}});
  BOOST_TEST((always->judge({ms(10), true}) == PreemptAction::signal));
  BOOST_TEST((if_needed->judge({ms(10), true}) == PreemptAction::none));
  BOOST_TEST((if_needed->judge({ms(10), false}) == PreemptAction::signal));
}

// ------------------------------------------------------------------ steal

BOOST_AUTO_TEST_CASE(go_visits_every_other_p_once_a_round_in_four_rounds) {
  for (const std::uint32_t n : {2u, 3u, 4u, 6u, 7u, 8u, 16u}) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const auto probes = search("go", Ps(std::vector<std::uint32_t>(n, 0)), 1, seed);
      BOOST_TEST_REQUIRE(probes.size() == 4u * (n - 1));
      for (std::size_t round = 0; round < 4; ++round) {
        const auto seen = victims(probes, round * (n - 1), n - 1);
        BOOST_TEST(seen.size() == n - 1);
        BOOST_TEST(seen.count(1) == 0u);
        for (std::size_t i = 0; i < n - 1; ++i) {  // runnext and timers in the last round only
          const StealProbe& p = probes[round * (n - 1) + i];
          BOOST_TEST(p.runnext == (round == 3));
          BOOST_TEST((p.timers == (round == 3   ? StealProbe::Timers::yes
                                   : round == 2 ? StealProbe::Timers::early
                                                : StealProbe::Timers::no)));
          BOOST_TEST((p.take == StealProbe::Take::half));
        }
      }
    }
  }
}
BOOST_AUTO_TEST_CASE(go_starts_at_different_victims) {
  std::set<std::uint32_t> first;
  for (std::uint64_t seed = 1; seed <= 100; ++seed)
    first.insert(search("go", Ps(std::vector<std::uint32_t>(8, 0)), 0, seed)[0].victim);
  BOOST_TEST(first.size() == 7u);
}
BOOST_AUTO_TEST_CASE(go_skips_idle_victims_until_the_last_round) {
  Ps ps({0, 0, 0, 0});
  ps.idles = {false, true, true, false};
  const auto probes = search("go", ps, 0);
  BOOST_TEST(probes.size() == 3u * 1 + 3);
  for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(probes[i].victim == 3u);
}
BOOST_AUTO_TEST_CASE(the_number_of_rounds_is_a_parameter) {
  BOOST_TEST(search("go", Ps({0, 0, 0}), 0, 1, {{"rounds", 2}}).size() == 4u);
}
BOOST_AUTO_TEST_CASE(one_takes_one) {
  const auto probes = search("one", Ps({0, 9, 9}), 0);
  BOOST_TEST(probes.size() == 8u);
  BOOST_TEST(
      std::all_of(probes.begin(), probes.end(), [](const StealProbe& p) { return p.take == StealProbe::Take::one; }));
}
BOOST_AUTO_TEST_CASE(richest_robs_the_longest_ring_and_the_first_of_equals) {
  BOOST_TEST(search("richest", Ps({0, 3, 7, 5}), 0)[0].victim == 2u);
  BOOST_TEST(search("richest", Ps({0, 3, 7, 7}), 0)[0].victim == 2u);
  BOOST_TEST(search("richest", Ps({9, 3, 0, 1}), 0)[0].victim == 1u);  // never itself
  BOOST_TEST(search("richest", Ps({0, 0, 0, 0}), 1)[0].runnext);       // nothing in the rings
  BOOST_TEST(victims(search("richest", Ps({0, 0, 0, 0}), 1), 0, 3).size() == 3u);
}
// Change 20836: with random picks some victim is missed in 15 of 100 searches of 8 Ps; the permutation misses none.
BOOST_AUTO_TEST_CASE(random_picks_miss_victims_and_a_permutation_does_not) {
  const auto misses = [](const std::string& policy, std::uint32_t n) {
    int missed = 0;
    for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
      const auto probes = search(policy, Ps(std::vector<std::uint32_t>(n, 1)), 1, seed);
      missed += victims(probes, 0, probes.size()).size() < n - 1 ? 1 : 0;
    }
    return missed;
  };
  // The chance that one of n - 1 victims is not among 4 n picks: for 8 about 0.095, for 2 about 0.004.
  BOOST_TEST(misses("random", 8) > 250);
  BOOST_TEST(misses("random", 8) < 550);
  BOOST_TEST(misses("random", 2) < 40);
  BOOST_TEST(misses("random", 2) > 2);
  BOOST_TEST(misses("go", 8) == 0);
  BOOST_TEST(misses("go", 2) == 0);
}

BOOST_AUTO_TEST_CASE(none_takes_nothing_and_still_runs_timers) {
  const auto probes = search("none", Ps({5, 5, 5}), 1);
  BOOST_TEST(victims(probes, 0, probes.size()) == (std::set<std::uint32_t>{0, 2}), boost::test_tools::per_element());
  for (const StealProbe& p : probes) {
    BOOST_TEST((p.take == StealProbe::Take::nothing));
    BOOST_TEST(!p.runnext);
    BOOST_TEST((p.timers == StealProbe::Timers::yes));
  }
}
BOOST_AUTO_TEST_CASE(every_steal_policy_ends_its_search_and_never_names_the_thief) {
  for (const auto& info : steal_policies().all())
    for (const std::uint32_t n : {1u, 2u, 5u, 64u})
      for (std::uint32_t thief = 0; thief < n; thief += 3)
        for (const StealProbe& p : search(info.name, Ps(std::vector<std::uint32_t>(n, 3)), thief))
          BOOST_TEST((p.victim != thief && p.victim < n), info.name);
}

// ------------------------------------------------------------------ preempt

BOOST_AUTO_TEST_CASE(async_signals_after_a_slice_and_cooperative_only_flags) {
  BOOST_TEST((judge("async", ms(10) - 1) == PreemptAction::none));
  BOOST_TEST((judge("async", ms(10)) == PreemptAction::signal));
  BOOST_TEST((judge("async", us(50), {{"slice", us(50)}}) == PreemptAction::signal));
  BOOST_TEST((judge("cooperative", ms(10) - 1) == PreemptAction::none));
  BOOST_TEST((judge("cooperative", ms(10)) == PreemptAction::flag));
  BOOST_TEST((judge("none", seconds(100)) == PreemptAction::none));
  BOOST_TEST(preempt_policies().make("async", {})->signals());
  BOOST_TEST(!preempt_policies().make("cooperative", {})->signals());
  BOOST_TEST(!preempt_policies().make("none", {})->signals());
}

// ------------------------------------------------------------------ wake

BOOST_AUTO_TEST_CASE(go_wakes_at_the_waker) {
  BOOST_TEST((place("go", {.waker_p = 0, .last_p = 3, .wants_next = true}) == WakePlace::runnext));
  BOOST_TEST((place("go", {.waker_p = 0, .last_p = 3, .wants_next = false}) == WakePlace::tail));
}
BOOST_AUTO_TEST_CASE(global_always_queues_globally) {
  BOOST_TEST((place("global", {.wants_next = true, .created = true}) == WakePlace::global));
}
BOOST_AUTO_TEST_CASE(last_p_goes_back_unless_the_queue_there_is_long) {
  BOOST_TEST((place("last_p", {.waker_p = 0, .last_p = 3, .last_p_queue = 7}) == WakePlace::last_p));
  BOOST_TEST((place("last_p", {.waker_p = 0, .last_p = 3, .last_p_queue = 8}) == WakePlace::runnext));
  BOOST_TEST((place("last_p", {.waker_p = 3, .last_p = 3}) == WakePlace::runnext));
  BOOST_TEST((place("last_p", {.waker_p = 0, .last_p = 3, .created = true}) == WakePlace::runnext));
}

// ------------------------------------------------------------------ names and bounds

BOOST_AUTO_TEST_CASE(parameters_have_bounds_and_policies_have_names) {
  BOOST_TEST(refused("steal", "richest").empty());
  BOOST_TEST(refused("steal", "richset").find("there are") != std::string::npos);
  BOOST_TEST(refused("steal.rounds", "64").empty());
  BOOST_TEST(refused("steal.rounds", "65").find("outside [1, 64]") != std::string::npos);
  BOOST_TEST(refused("steal.rounds", "many").find("not a whole number") != std::string::npos);
  BOOST_TEST(refused("steal.depth", "1").find("no parameter \"depth\"; it has steal.rounds") != std::string::npos);
  BOOST_TEST(refused("preempt.slice", "1ms").empty());
  BOOST_TEST(refused("preempt.slice", "1ns").find("outside [1us, 1000s]") != std::string::npos);
  BOOST_TEST(refused("preempt.slice", "10").find("not a time") != std::string::npos);
  BOOST_TEST(refused("global_poll", "0").empty());
  BOOST_TEST(refused("global_poll", "-1").find("not a count") != std::string::npos);
  BOOST_TEST(refused("runnext", "perhaps").find("neither true nor false") != std::string::npos);
  BOOST_TEST(refused("no_such_switch", "1") == "unknown switch");
}

BOOST_AUTO_TEST_CASE(the_default_of_every_parameter_is_inside_its_bounds) {
  const auto check = [](const auto& registry) {
    BOOST_TEST(registry.all().size() >= 2u);
    for (const auto& info : registry.all())
      for (const PolicyParam& p : info.params)
        BOOST_TEST((p.min <= p.value && p.value <= p.max), info.name << '.' << p.name);
  };
  check(steal_policies());
  check(preempt_policies());
  check(timer_policies());
  check(wake_policies());
}

BOOST_AUTO_TEST_CASE(every_preset_sets_switches_that_exist) {
  BOOST_TEST(presets().size() >= 2u);
  for (const Preset& preset : presets()) {
    Settings s;
    BOOST_TEST(apply_preset(preset.name, s));
    BOOST_TEST(s.preset == preset.name);
    for (const PresetEntry& e : preset.entries) {
      const auto switches = list_switches(s);
      BOOST_TEST(std::any_of(switches.begin(), switches.end(),
                             [&](const SwitchText& t) { return t.name == e.name && t.value == e.value; }),
                 preset.name << ' ' << e.name);
    }
  }
  Settings s;
  BOOST_TEST(!apply_preset("go0.9", s));
  BOOST_TEST(!apply_preset("go1.", s));
  BOOST_TEST(!apply_preset("go1.019", s));
  BOOST_TEST(!apply_preset("go1.99", s));
}

BOOST_AUTO_TEST_CASE(the_newest_version_is_the_default_and_the_history_ends_there) {
  Settings newest;
  BOOST_TEST_REQUIRE(apply_preset(presets().back().name, newest));
  const auto by_history = list_switches(newest);
  const auto by_default = list_switches(Settings{});
  BOOST_TEST_REQUIRE(by_history.size() == by_default.size());
  for (std::size_t i = 0; i < by_default.size(); ++i)
    BOOST_TEST(by_history[i].value == by_default[i].value, by_default[i].name);
}

BOOST_AUTO_TEST_CASE(the_first_version_names_every_switch_that_a_later_one_changes) {
  for (const Preset& later : presets())
    for (const PresetEntry& e : later.entries) {
      const auto& first = presets().front().entries;
      const bool of_a_policy = std::string(e.name).rfind("steal.", 0) == 0;  // parameters go with their policy
      BOOST_TEST((of_a_policy || std::any_of(first.begin(), first.end(),
                                             [&](const PresetEntry& f) { return std::string(f.name) == e.name; })),
                 later.name << " changes " << e.name);
    }
}

BOOST_AUTO_TEST_CASE(a_version_without_changes_schedules_as_the_one_before) {
  Settings a, b;
  BOOST_TEST_REQUIRE(apply_preset("go1.4", a));
  BOOST_TEST_REQUIRE(apply_preset("go1.3", b));
  const auto left = list_switches(a), right = list_switches(b);
  BOOST_TEST_REQUIRE(left.size() == right.size());
  for (std::size_t i = 0; i < left.size(); ++i) BOOST_TEST(left[i].value == right[i].value, left[i].name);
}

BOOST_AUTO_TEST_SUITE_END()
