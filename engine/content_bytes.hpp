// The bytes whose SHA-256 is the content digest of a dataset: a head, then one piece a run. They
// are made without files, so that a program that writes none (in a browser) can state the same
// digest.
#pragma once

#include <cstdint>
#include <string>

#include "engine/design.hpp"
#include "engine/random.hpp"
#include "engine/records.hpp"

namespace fingers {

/// What the numbers of a dataset follow from.
struct ContentOrigin {
  std::uint64_t results_version = 0;
  std::string model_text;
  StreamSeeds seeds;
  std::uint64_t n_runs = 0;
};

/// The head. Numbers have 8 bytes, little-endian; texts come after their length.
std::string content_head(const ContentOrigin& origin, const Design& design);

/// The piece of a run; runs follow each other by point and replicate. `hash`: content_hash of its
/// record, 0 for one that is missing.
std::string content_of_run(std::uint32_t point, std::uint32_t replicate, RunStatus status,
                           std::uint64_t hash);

}  // namespace fingers
