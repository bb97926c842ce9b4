// Names made from content: of a dataset, of its config, of each run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/store.hpp"

namespace fingers {

std::string config_sha256(const DatasetDescription& description);

/// A version-5 UUID of config, seeds and results version.
std::string dataset_uuid(const DatasetDescription& description);

/// The identity of each run: a hash of results version, the point's model parameters, its seeds and
/// the replicate. Where it stands in a design, and what else the design holds, do not enter: two
/// points that come to the same world have the same identities, unless their random numbers are
/// independent.
class RunIdentities {
 public:
  explicit RunIdentities(const DatasetDescription& description);
  [[nodiscard]] std::uint64_t of(std::uint32_t point, std::uint32_t replicate) const;

 private:
  std::vector<std::string> points_;  ///< all but the replicate, hashed once
};

}  // namespace fingers
