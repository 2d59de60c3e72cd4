// The parts of Leaflet that the map uses: the bundler puts this file where "leaflet" is imported. All of it would be 17 kB more.
import "leaflet/src/layer/vector/Renderer.getRenderer.js";
export { map } from "leaflet/src/map/index.js";
export { control } from "leaflet/src/control/index.js";
export { layerGroup } from "leaflet/src/layer/LayerGroup.js";
export { marker } from "leaflet/src/layer/marker/Marker.js";
export { divIcon } from "leaflet/src/layer/marker/DivIcon.js";
export { polyline } from "leaflet/src/layer/vector/Polyline.js";
export { polygon } from "leaflet/src/layer/vector/Polygon.js";
export { canvas } from "leaflet/src/layer/vector/Canvas.js";
export { toLatLngBounds as latLngBounds } from "leaflet/src/geo/LatLngBounds.js";
