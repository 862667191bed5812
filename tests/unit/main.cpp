// The main function of every Boost.Test program, compiled once for all of them.

#define BOOST_TEST_MODULE gmpsim
#include <boost/test/unit_test.hpp>
#include <boost/test/unit_test_monitor.hpp>
#include <stdexcept>

#include "sim/check.hpp"

namespace {

/// A failed GMPSIM_CHECK is no std::exception; without this, Boost.Test would only say "unknown type".
struct ChecksAreReadable {
  ChecksAreReadable() {
    boost::unit_test::unit_test_monitor.register_exception_translator<gmpsim::CheckFailure>(
        [](const gmpsim::CheckFailure& failure) { throw std::runtime_error("GMPSIM_CHECK: " + failure.text); });
  }
};

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(ChecksAreReadable);
