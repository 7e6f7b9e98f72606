@NullMarked
package org.evergrant.broker.meters;

import org.jspecify.annotations.NullMarked;
