@NullMarked
package org.evergrant.spi;

import org.jspecify.annotations.NullMarked;
