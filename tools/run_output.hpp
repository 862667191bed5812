#pragma once
// One run as text, in the format that was asked for: what `run` prints and `replay` prints again.

#include <optional>
#include <string>

#include "tools/context.hpp"
#include "tools/files.hpp"
#include "tools/judged_run.hpp"

namespace gmpsim {

/// "table", "json", "csv" (with a heading when `first`) or "jsonl".
[[nodiscard]] std::string run_text(JudgedRun& run, const std::string& format, const TextStyle& style,
                                   bool first = true);

/// "100ms" or "100ms,detail" into the plan; "" leaves it. Wrong ones are usage errors.
void set_schedtrace(Plan& plan, const std::string& text, const std::string& format);
/// What a token says.
void set_schedtrace(Plan& plan, Duration every, bool detail);

/// Writes all transitions of a run to a file while it runs: JSON lines, or binary when the name ends in ".gmt".
class TraceFile {
 public:
  /// Nothing happens when `path` is empty.
  TraceFile(const std::string& path, bool force, JudgedRun& run);
  ~TraceFile();
  /// After the run: the file appears under its name.
  void commit(Context& context);

 private:
  std::string path_;
  std::optional<FileWriter> file_;
  std::unique_ptr<Sink> sink_;
  bool binary_ = false;
};

/// Runs it, telling on stderr how much has been simulated when it takes long.
void run_with_progress(JudgedRun& run, const Plan& plan, const char* what, Context& context);

/// Prints where a scenario error ended the run.
void print_scenario_error(const Diagnostic& error, Context& context);

}  // namespace gmpsim
