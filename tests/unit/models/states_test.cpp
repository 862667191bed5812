// The tables of transitions against the lists of Go's source, in both directions.

#include <boost/test/unit_test.hpp>
#include <set>
#include <utility>

#include "models/go/g.hpp"
#include "models/go/p.hpp"

using namespace gmpsim;

BOOST_AUTO_TEST_SUITE(states)

BOOST_AUTO_TEST_CASE(a_goroutine_changes_state_as_the_callers_of_casgstatus_do) {
  using S = GStatus;
  const std::set<std::pair<S, S>> go{
      {S::idle, S::dead},         // malg, newproc1
      {S::dead, S::runnable},     // newproc1
      {S::runnable, S::running},  // execute
      {S::running, S::runnable},  // goschedImpl, goyield_m
      {S::running, S::waiting},   // park_m
      {S::running, S::syscall},   // reentersyscall
      {S::running, S::dead},      // goexit0
      {S::waiting, S::runnable},  // ready
      {S::syscall, S::running},   // exitsyscall
      {S::syscall, S::runnable},  // exitsyscall0, exitsyscallNoP
  };
  for (unsigned from = 0; from < static_cast<unsigned>(S::kCount); ++from)
    for (unsigned to = 0; to < static_cast<unsigned>(S::kCount); ++to) {
      const std::pair<S, S> step{static_cast<S>(from), static_cast<S>(to)};
      BOOST_TEST(GTransitions::allows(step.first, step.second) == (go.count(step) == 1), from << " -> " << to);
    }
}

BOOST_AUTO_TEST_CASE(a_processor_passes_through_idle) {
  using S = PStatus;
  BOOST_TEST(PTransitions::allows(S::idle, S::running));
  BOOST_TEST(PTransitions::allows(S::running, S::idle));
  BOOST_TEST(PTransitions::allows(S::running, S::syscall));
  BOOST_TEST(PTransitions::allows(S::syscall, S::idle));
  BOOST_TEST(!PTransitions::allows(S::syscall, S::running));
  BOOST_TEST(!PTransitions::allows(S::idle, S::syscall));
}

BOOST_AUTO_TEST_SUITE_END()
