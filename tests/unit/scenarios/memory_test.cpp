// Memory nodes: work takes longer far from its data, and threads stay near where they were.

#include <boost/test/unit_test.hpp>

#include "models/os/cores.hpp"
#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(memory)

namespace {
/// How long 10 ms of work take for main, whose data are on `node` [ms]; or what is wrong.
std::string length_at(const char* node, const std::string& machine) {
  const Ran r = run({.main = std::string(R"j([{"let": {"n": )j") + node +
                             R"j(}}, {"run": "10ms", "node": "n"}, {"log": "t", "value": "now() / 1ms"}])j",
                     .rest = R"j("machine": {)j" + machine + "}, "});
  return joined(r.logs) + joined(r.problems) + joined(r.texts);
}
}  // namespace

BOOST_AUTO_TEST_CASE(work_takes_longer_on_another_node_than_its_data) {
  const std::string two = R"j("cores": 4, "numa_nodes": 2)j";
  BOOST_TEST(length_at("0", two) == "t 10");
  BOOST_TEST(length_at("1", two) == "t 20");
  BOOST_TEST(length_at("1", two + R"j(, "remote_factor": 3)j") == "t 30");
  BOOST_TEST(length_at("1", two + R"j(, "numa_distance": [[10, 15], [15, 10]])j") == "t 15");
  const std::string three =
      R"j("cores": 3, "numa_nodes": 3, "numa_distance": [[10, 20, 40], [20, 10, 20], [40, 20, 10]])j";
  BOOST_TEST(length_at("1", three) == "t 20");
  BOOST_TEST(length_at("2", three) == "t 40");
  // remote_factor is that of the nearest other node; what is three times as far costs three times as much more.
  BOOST_TEST(length_at("1", three + R"j(, "remote_factor": 1.5)j") == "t 15");
  BOOST_TEST(length_at("2", three + R"j(, "remote_factor": 1.5)j") == "t 25");
}

BOOST_AUTO_TEST_CASE(a_machine_with_one_node_has_all_memory_near) {
  BOOST_TEST(length_at("0", R"j("cores": 4)j") == "t 10");
  BOOST_TEST(length_at("0", "") == "t 10");
}

BOOST_AUTO_TEST_CASE(a_node_that_does_not_exist_is_an_error) {
  BOOST_TEST(length_at("2", R"j("cores": 4, "numa_nodes": 2)j") ==
             "E0600 /programs/main/do/1there is no memory node 2");
  BOOST_TEST(length_at("1", "") == "E0600 /programs/main/do/1there is no memory node 1");
}

BOOST_AUTO_TEST_CASE(memory_that_does_not_fit_the_machine_is_refused) {
  const auto problems = [](const char* machine) {
    return joined(
        run({.main = R"j([{"run": "1ms"}])j", .rest = std::string(R"j("machine": {)j") + machine + "}, "}).problems);
  };
  BOOST_TEST(problems(R"j("numa_nodes": 2)j") == "E0314 /machine/numa_nodes");
  BOOST_TEST(problems(R"j("cores": 3, "numa_nodes": 4)j") == "E0314 /machine/numa_nodes");
  BOOST_TEST(problems(R"j("cores": 4, "numa_distance": [[10, 20], [20, 10]])j") == "E0315 /machine/numa_distance");
  BOOST_TEST(problems(R"j("cores": 4, "numa_nodes": 2, "numa_distance": [[10, 20], [20]])j") ==
             "E0315 /machine/numa_distance/1");
  BOOST_TEST(problems(R"j("cores": 4, "numa_nodes": 2, "numa_distance": [[10, 20], [20, 11]])j") ==
             "E0315 /machine/numa_distance/1/1");
  BOOST_TEST(problems(R"j("cores": 4, "numa_nodes": 2, "numa_distance": [[10, 10], [20, 10]])j") ==
             "E0315 /machine/numa_distance/0/1");
}

// Two goroutines whose data are on different nodes, one thread for each: one of them is near in any case, and both stay
// where they are.
BOOST_AUTO_TEST_CASE(interrupted_work_keeps_its_node) {
  const Ran r = run(
      {.main =
           R"j([{"go": "w"}, {"run": "30ms", "node": 1}, {"log": "main", "value": "now() / 1ms"}, {"wg_wait": "all"}])j",
       .resources = R"j({"all": {"type": "waitgroup", "init": 1}})j",
       .programs =
           R"j("w": {"do": [{"run": "30ms", "node": 0}, {"log": "w", "value": "now() / 1ms"}, {"wg_done": "all"}]})j",
       .rest = R"j("machine": {"cores": 2, "numa_nodes": 2}, )j"});
  // One P on core 0: 60 ms for main, 30 ms for w, in turns of a slice.
  BOOST_TEST(r.at / 1'000'000 == 90, r.at << joined(r.logs) << joined(r.problems));
}

BOOST_AUTO_TEST_CASE(a_slow_core_is_slow_for_far_work_as_well) {
  const auto length = [](const char* node) {
    return run({.main = std::string(R"j([{"run": "10ms", "node": )j") + node + "}]",
                .rest =
                    R"j("machine": {"cores": 2, "numa_nodes": 2}, "faults": [{"inject": {"slow_core": {"core": 0, "factor": 3}}}], )j"})
               .at /
           1'000'000;
  };
  BOOST_TEST(length("0") == 30);
  BOOST_TEST(length("1") == 60);
}

BOOST_AUTO_TEST_CASE(cores_are_spread_over_nodes_in_blocks) {
  Cores cores;
  Memory memory;
  memory.nodes = 3;
  cores.name(8, memory);
  std::string nodes;
  for (std::uint32_t c = 0; c < 8; ++c) nodes += std::to_string(cores.node_of(c));
  BOOST_TEST(nodes == "00011122");
}

BOOST_AUTO_TEST_CASE(a_thread_goes_where_it_was_then_near_then_where_most_is_free) {
  Cores cores;
  Memory memory;
  memory.nodes = 2;
  cores.name(6, memory);
  Thread* const somebody = reinterpret_cast<Thread*>(std::uintptr_t{8});
  BOOST_TEST(cores.pick(kNoCore) == 0u);
  cores.occupy(0, somebody);
  BOOST_TEST(cores.pick(kNoCore) == 3u);  // node 1 has more free cores
  BOOST_TEST(cores.pick(1) == 1u);        // where it was
  cores.occupy(1, somebody);
  BOOST_TEST(cores.pick(1) == 2u);  // near
  BOOST_TEST(cores.stall(2, true));
  BOOST_TEST(!cores.stall(2, true));  // stalled already
  BOOST_TEST(cores.pick(1) == 3u);    // far
  BOOST_TEST(!cores.stall(2, false));
  BOOST_TEST(cores.stall(2, false));
  BOOST_TEST(cores.pick(0) == 2u);
  for (std::uint32_t c = 2; c < 6; ++c) cores.occupy(c, somebody);
  BOOST_TEST(cores.pick(3) == kNoCore);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
