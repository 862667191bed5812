// The smallest user of the installed package: one event on the engine, and its record.
#include <cstdio>

#include "sim/engine.hpp"
#include "sim/recorder.hpp"

int main() {
  gmpsim::Engine engine;
  const gmpsim::ProcessId process = engine.add_process([](void*) {}, nullptr, gmpsim::Phase::thread);
  engine.arm(process, gmpsim::us(3));
  engine.run();
  gmpsim::Recorder recorder;
  recorder.write({.at = engine.now(), .kind = gmpsim::Kind::mark});
  std::printf("%s\n", recorder.fingerprint().hex().c_str());
  return engine.now() == gmpsim::us(3) ? 0 : 1;
}
