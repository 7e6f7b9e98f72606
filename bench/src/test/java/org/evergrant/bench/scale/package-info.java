/** Tests that the measurements of scale still run. */
@NullMarked
package org.evergrant.bench.scale;

import org.jspecify.annotations.NullMarked;
