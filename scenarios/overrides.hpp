#pragma once
// `--set params.workers=16`, `--set /runtime/gomaxprocs=8`: a value put into the document before it is typed.
//
// The short form `params.NAME` sets the parameter's value (its `default`); every other path is a JSON pointer. The place
// must be one that the grammar knows; the value is JSON when it parses as JSON, else a string.

#include <optional>
#include <string>
#include <vector>

#include "scenarios/json.hpp"

namespace gmpsim {

struct Override {
  std::string path;   ///< "params.workers", "/runtime/gomaxprocs", "/params/workers"
  std::string value;  ///< "16", "250us", "{…}"
};

/// Splits `path=value`; nothing when there is no '=' or no path.
[[nodiscard]] std::optional<Override> parse_override(const std::string& text);

/// May an override set `path`? What is wrong is reported at the place of `where` (its code, message and advice are
/// replaced). `document` is not changed for good, but grows empty objects on the way.
void check_path(Node& document, const std::string& path, const Diagnostic& where, Diagnostics& out);

/// Sets the overrides in `document`, in order. An unknown path is an error with the nearest known one.
void apply_overrides(Node& document, const std::vector<Override>& overrides, Diagnostics& out);

}  // namespace gmpsim
