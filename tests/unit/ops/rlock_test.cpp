#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_rlock)

BOOST_AUTO_TEST_CASE(readers_share_and_a_waiting_writer_keeps_new_ones_out) {
  const Ran r = run(
      {.main =
           R"j([{"rlock": "r"}, {"go": "reader"}, {"yield": true}, {"go": "writer"}, {"yield": true}, {"go": "reader"}, {"yield": true}, {"log": "main"}, {"runlock": "r"}, {"sleep": "1ms"}])j",
       .resources = R"j({"m": {"type": "mutex"}, "r": {"type": "rwmutex"}})j",
       .programs =
           R"j("reader": {"do": [{"rlock": "r"}, {"log": "reader"}, {"runlock": "r"}]}, "writer": {"do": [{"lock": "r"}, {"log": "writer"}, {"unlock": "r"}]})j"});
  BOOST_TEST(joined(r.logs) == "reader | main | writer | reader");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
