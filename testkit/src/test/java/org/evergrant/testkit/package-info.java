@NullMarked
package org.evergrant.testkit;

import org.jspecify.annotations.NullMarked;
