// Tested by tests/engine/sobol_test.cpp.
#include "engine/random_sobol.hpp"

#include <boost/random/sobol.hpp>

#include "engine/contract.hpp"

namespace fingers {

std::vector<std::uint64_t> sobol_words(std::uint32_t dimensions, std::uint32_t n) {
  EXPECT_CONTRACT(dimensions >= 1 && dimensions <= kMostSobolDimensions);
  std::vector<std::uint64_t> words(std::size_t{dimensions} * n, 0);
  boost::random::sobol sequence(dimensions);
  for (std::size_t i = dimensions; i < words.size(); ++i) {
    words[i] = sequence();
  }
  return words;
}

}  // namespace fingers
