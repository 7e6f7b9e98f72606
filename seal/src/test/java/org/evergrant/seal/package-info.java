@NullMarked
package org.evergrant.seal;

import org.jspecify.annotations.NullMarked;
