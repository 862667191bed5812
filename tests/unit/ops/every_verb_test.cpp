// Every verb of the language runs; a new one that does not yet is listed here.

#include <boost/test/unit_test.hpp>

#include "scenarios/ops/registry.hpp"
#include "tests/unit/scenarios/run_program_impl.hpp"

namespace gmpsim {

BOOST_AUTO_TEST_SUITE(ops_every_verb)

BOOST_AUTO_TEST_CASE(each_becomes_instructions) {
  std::size_t verbs = 0;
  for (const OpSpec& op : all_ops().all()) {
    BOOST_TEST((op.compile != nullptr), op.verb.key << " is read and checked but does not run");
    ++verbs;
  }
  BOOST_TEST(verbs >= 61u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
