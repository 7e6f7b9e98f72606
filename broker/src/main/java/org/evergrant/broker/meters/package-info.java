/** Counts of apps, and how they are shown. */
@NullMarked
package org.evergrant.broker.meters;

import org.jspecify.annotations.NullMarked;
