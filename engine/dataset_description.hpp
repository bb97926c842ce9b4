// What a dataset is, besides its runs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clock.hpp"
#include "engine/design.hpp"
#include "engine/random.hpp"
#include "engine/records.hpp"

namespace fingers {

/// What the random numbers are made by.
inline constexpr std::string_view kGenerator = "Philox4x32-10";

/// All that decides a dataset besides its runs; goes into every segment and into the canonical
/// file. Nothing of time, host, shard or thread is in here.
struct DatasetDescription {
  RecordSchema schema;
  Design design;
  Clock clock;
  StreamSeeds seeds;
  std::string title;
  std::string config_text;  ///< the resolved config as JSON
  std::string model_text;   ///< what of it decides the numbers, for identities and digests
  std::vector<PointText> point_texts;  ///< per point: its setting and resolved model parameters
  std::string provenance_text;         ///< JSON: what decides the numbers
  std::string software;                ///< "enough-fingers 0.1.0"
  std::uint32_t results_version = 1;   ///< rises whenever results change
  std::string licence;                 ///< of the produced data
};

}  // namespace fingers
