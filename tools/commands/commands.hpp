#pragma once
// The commands: one file each. What a command is told is a plain struct, so that tests and other programs can call it;
// cli.cpp fills it in.

#include <string>
#include <vector>

#include "tools/context.hpp"

namespace gmpsim {

/// Which scenario, and what is changed in it.
struct ScenarioOptions {
  std::string scenario;           ///< path, "-", or a name of the catalogue
  std::vector<std::string> sets;  ///< "path=value"
  std::string seed;               ///< "": the scenario's; decimal, 0x hexadecimal or "random"
};

struct RunOptions {
  ScenarioOptions scenario;
  std::string policy;        ///< "": the first declared
  std::string costs;         ///< "": the defaults
  std::string replications;  ///< "": one
  std::string trace;         ///< file for all transitions
  std::string schedtrace;    ///< "100ms" or "100ms,detail"
  std::string save_schedule;
  bool force = false;
};
Exit run_command(const RunOptions& options, Context& context);

struct CompareOptions {
  ScenarioOptions scenario;
  std::vector<std::string> policies;  ///< empty: all that are declared
  std::vector<std::string> metrics;   ///< empty: what suits the run
  std::string costs;                  ///< "": the defaults
  std::string replications;           ///< "": the scenario's
  std::string confidence = "0.95";
  std::string fail_if;
};
Exit compare_command(const CompareOptions& options, Context& context);

struct ReplayOptions {
  std::string what;      ///< a token or a schedule file
  std::string scenario;  ///< instead of the one it names
  std::string trace;
  bool force = false;
};
Exit replay_command(const ReplayOptions& options, Context& context);

struct LitmusOptions {
  std::vector<std::string> files;  ///< or "record"
  std::string preset;              ///< "": the one that the file names
  std::string index;               ///< "": all programs
  std::string emit;                ///< program to write as a scenario
  // of `record`
  std::string go;               ///< toolchain; "": go on the path
  std::string style = "order";  ///< order, mixed, timed
  std::string seed, count, runs;
  std::string output;  ///< "": stdout
  bool force = false;
};
Exit litmus_command(const LitmusOptions& options, Context& context);
/// `litmus record`, with the options above.
Exit litmus_record(const LitmusOptions& options, Context& context);

struct CalibrateOptions {
  std::string go;      ///< "": go on the path
  std::string output;  ///< "": stdout
  bool force = false;
};
Exit calibrate_command(const CalibrateOptions& options, Context& context);

struct ExportOptions {
  ScenarioOptions scenario;
  std::string to;      ///< "go"
  std::string policy;  ///< "": the first declared
  std::string output;  ///< "": stdout
  bool force = false;
};
Exit export_command(const ExportOptions& options, Context& context);

struct ValidateOptions {
  std::vector<std::string> files;
  std::vector<std::string> sets;
  bool strict = false;
};
Exit validate_command(const ValidateOptions& options, Context& context);

struct InitOptions {
  std::string name;
  std::string from = "worker-pool";  ///< template
  std::string output;                ///< "": NAME.json
  bool force = false;
};
Exit init_command(const InitOptions& options, Context& context);

struct FormatOptions {
  std::vector<std::string> files;
  bool check = false;
  bool drop_comments = false;
};
Exit fmt_command(const FormatOptions& options, Context& context);

struct ListOptions {
  std::string what;
};
Exit list_command(const ListOptions& options, Context& context);

struct ExplainOptions {
  std::string topic;
};
Exit explain_command(const ExplainOptions& options, Context& context);

struct DiffPresetsOptions {
  std::vector<std::string> presets;
};
Exit diff_presets_command(const DiffPresetsOptions& options, Context& context);

struct BugsOptions {
  std::vector<std::string> names;  ///< none: all
};
Exit bugs_command(const BugsOptions& options, Context& context);

struct SchemaOptions {
  std::string kind = "Scenario";
};
Exit schema_command(const SchemaOptions& options, Context& context);

struct CommandTree;
struct CompletionOptions {
  std::string shell;
};
Exit completion_command(const CompletionOptions& options, const CommandTree& tree, Context& context);

Exit doctor_command(Context& context);

}  // namespace gmpsim
