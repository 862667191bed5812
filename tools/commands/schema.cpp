// schema: what editors want.

#include "scenarios/schema.hpp"

#include "scenarios/diagnostics.hpp"
#include "tools/commands/commands.hpp"
#include "tools/failure.hpp"

namespace gmpsim {

Exit schema_command(const SchemaOptions& options, Context& context) {
  if (options.kind != "Scenario" && options.kind != "scenario")
    fail_usage("there is no schema of " + in_quotes(options.kind), "there is one of Scenario");
  context.out() << scenario_schema();
  return Exit::good;
}

}  // namespace gmpsim
