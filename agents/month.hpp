// The month: a table of contents of the model, in the order of M16. Nothing else steers the world.
#pragma once

namespace fingers {

struct World;

/// Advances a world by one step. Answers false when the world has ended itself.
bool month(World& world);

}  // namespace fingers
