// Any bytes as a scenario: read, compile, write again. Nothing may crash, hang or grow without bound, and whatever was
// accepted must survive its own canonical form.
//
// The first byte decides how the rest is used: as a scenario, as JSON alone, as a patch over a small scenario (which
// reaches deep places quickly), or as an override of one.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "scenarios/compile.hpp"
#include "scenarios/extends.hpp"
#include "scenarios/reader.hpp"
#include "tests/unit/scenarios/documents.hpp"

namespace {

using namespace gmpsim;

void require(bool condition) {
  if (!condition) std::abort();
}

void read_json(std::string text) {
  Diagnostics out;
  const auto node = parse_json(std::move(text), "fuzz", out);
  require(node.has_value() || out.has_errors());
  (void)out.render(true);
  if (!node || out.has_errors()) return;
  const std::string written = to_json(*node);
  const auto again = parse_json(written, "again", out);
  require(again.has_value() && to_json(*again) == written);
}

void read(std::string text, const ReadOptions& options) {
  Diagnostics out;
  auto scenario = read_scenario(std::move(text), "fuzz.json", options, out);
  require(scenario.has_value() || out.has_errors());
  (void)out.render(false);
  if (!scenario) return;
  const std::uint64_t hash = scenario->hash;
  const std::string canonical = to_json(*scenario->document);
  require(scenario_hash(*scenario->document) == hash);
  if (auto compiled = compile(std::make_shared<const Scenario>(std::move(*scenario)), out)) require(!out.has_errors());
  // Parameters have been put in, so the canonical form needs none of the options.
  Diagnostics again_out;
  const auto again = read_scenario(canonical, "canonical.json", {}, again_out);
  require(again.has_value() && again->hash == hash);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  ReadOptions options;
  switch (data[0]) {
    case 'j': read_json(std::move(text)); break;
    case 'p':
      // The patch extends a small scenario, and may name itself to go in circles.
      options.load = [&](const std::string& path) {
        return std::optional<std::string>(path == "self" ? text : documents::kBase);
      };
      read(text, options);
      break;
    case 'o':
      if (auto override = parse_override(text)) {
        options.overrides.push_back(std::move(*override));
        read(documents::kBase, options);
      }
      break;
    default: read(std::move(text), options); break;
  }
  return 0;
}
