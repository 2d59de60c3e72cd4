// The parts of Leaflet that the map uses: the bundler puts this file where "leaflet" is imported. All of it is 14 kB more.
import "leaflet/src/control/Control.Attribution.js";
import "leaflet/src/control/Control.Zoom.js";
import { Map } from "leaflet/src/map/Map.js";
import { scale } from "leaflet/src/control/Control.Scale.js";
import { Simple } from "leaflet/src/geo/crs/CRS.Simple.js";

/** Every line names its canvas, so that Leaflet's own choice, and SVG with it, can stay out. */
Map.include({
  getRenderer({ options: { renderer } }) {
    return this.hasLayer(renderer) ? renderer : renderer.addTo(this);
  },
});

export const control = { scale };
export const CRS = { Simple };
import "leaflet/src/map/handler/Map.DoubleClickZoom.js";
import "leaflet/src/map/handler/Map.Drag.js";
import "leaflet/src/map/handler/Map.Keyboard.js";
import "leaflet/src/map/handler/Map.ScrollWheelZoom.js";
import "leaflet/src/map/handler/Map.TouchZoom.js";
export { createMap as map } from "leaflet/src/map/Map.js";
export { layerGroup } from "leaflet/src/layer/LayerGroup.js";
export { tileLayer } from "leaflet/src/layer/tile/TileLayer.js";
export { marker } from "leaflet/src/layer/marker/Marker.js";
export { divIcon } from "leaflet/src/layer/marker/DivIcon.js";
export { imageOverlay } from "leaflet/src/layer/ImageOverlay.js";
export { toTransformation as transformation } from "leaflet/src/geometry/Transformation.js";
export { polyline } from "leaflet/src/layer/vector/Polyline.js";
export { polygon } from "leaflet/src/layer/vector/Polygon.js";
export { canvas } from "leaflet/src/layer/vector/Canvas.js";
export { toLatLngBounds as latLngBounds } from "leaflet/src/geo/LatLngBounds.js";
