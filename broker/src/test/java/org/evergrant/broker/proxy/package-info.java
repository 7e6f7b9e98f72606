@NullMarked
package org.evergrant.broker.proxy;

import org.jspecify.annotations.NullMarked;
