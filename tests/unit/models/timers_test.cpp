// The structures for timers against a sorted list, on random scripts.

#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <vector>

#include "models/go/policies.hpp"
#include "sim/random.hpp"

using namespace gmpsim;

namespace {

struct Script {
  std::uint64_t seed;
  std::uint64_t count = 0;
  std::uint64_t below(std::uint64_t n) { return bounded(random_bits(seed, 1, 0, count++), n); }
};

/// Adds, removes and takes at random. `late`: by how much the structure may be late (a wheel rounds up to its slot).
void compare_with_a_list(const std::string& name, Duration late, std::uint64_t seed) {
  const auto store = timer_policies().make(name, {});
  Script random{seed};
  std::vector<std::unique_ptr<TimerNode>> nodes;
  std::vector<TimerNode*> held;
  std::vector<Time> taken;
  Time now = 0;
  const Duration span = std::vector<Duration>{us(3), ms(2), seconds(3), seconds(100'000)}[random.below(4)];
  for (int step = 0; step < 2'000; ++step) {
    const std::uint64_t what = random.below(10);
    bool drained = false;
    if (what < 5) {
      nodes.push_back(std::make_unique<TimerNode>());
      nodes.back()->when = now + static_cast<Time>(random.below(static_cast<std::uint64_t>(span)));
      store->add(*nodes.back());
      held.push_back(nodes.back().get());
      BOOST_TEST_REQUIRE(nodes.back()->held);
    } else if (what < 7 && !held.empty()) {
      const std::size_t i = random.below(held.size());
      store->remove(*held[i]);
      held.erase(held.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      now += static_cast<Time>(random.below(static_cast<std::uint64_t>(span) / 8 + 1));
      Time before = 0;
      while (TimerNode* t = store->take_due(now)) {
        BOOST_TEST_REQUIRE(t->when <= now, "a timer is never early");
        const auto at = std::find(held.begin(), held.end(), t);
        BOOST_TEST_REQUIRE((at != held.end()), "what is taken was held");
        held.erase(at);
        BOOST_TEST_REQUIRE(!t->held);
        if (late == 0) BOOST_TEST_REQUIRE(t->when >= before, "in order of time");
        before = t->when;
      }
      for (const TimerNode* t : held) BOOST_TEST_REQUIRE(t->when + late > now, "what is due is taken");
      drained = true;
    }
    BOOST_TEST_REQUIRE(store->size() == held.size());
    const auto first = std::min_element(held.begin(), held.end(),
                                        [](const TimerNode* a, const TimerNode* b) { return a->when < b->when; });
    if (held.empty())
      BOOST_TEST_REQUIRE(store->next() == kNever);
    else
      BOOST_TEST_REQUIRE(store->next() <= (*first)->when + late, "step " << step << ": next() is " << store->next()
                                                                         << ", the earliest is due at "
                                                                         << (*first)->when << ", now " << now);
    // A stopped timer may count until the heap is next worked on (as in Go), never afterwards.
    if (late == 0 && drained && !held.empty()) BOOST_TEST_REQUIRE(store->next() == (*first)->when);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(timers)

namespace bdata = boost::unit_test::data;

BOOST_DATA_TEST_CASE(the_heap_agrees_with_a_sorted_list, bdata::xrange(1u, 41u), seed) {
  compare_with_a_list("heap", 0, seed);
}

BOOST_DATA_TEST_CASE(the_wheel_is_late_by_less_than_a_slot, bdata::xrange(1u, 41u), seed) {
  const auto* info = timer_policies().find("wheel");
  BOOST_TEST_REQUIRE(info != nullptr);
  const auto slot =
      std::find_if(info->params.begin(), info->params.end(), [](const PolicyParam& p) { return p.name == "slot"; });
  BOOST_TEST_REQUIRE((slot != info->params.end()));
  compare_with_a_list("wheel", slot->value, seed);
}

BOOST_AUTO_TEST_CASE(both_report_work) {
  for (const char* name : {"heap", "wheel"}) {
    const auto store = timer_policies().make(name, {});
    TimerNode a, b;
    a.when = 5;
    b.when = 3;
    store->add(a);
    store->add(b);
    BOOST_TEST(store->take_work() > 0u);
    BOOST_TEST(store->take_work() == 0u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
